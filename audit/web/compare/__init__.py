"""The pages that compare environments."""

"""The pages that follow versions from environment to environment."""

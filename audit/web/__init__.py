"""The pages on which people find events and read them in words."""

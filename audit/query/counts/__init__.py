"""Counts events: by time, by value, by subject."""

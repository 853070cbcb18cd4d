"""Finds the events that match, a page at a time."""

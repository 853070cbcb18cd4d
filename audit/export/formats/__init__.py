"""Writes exports in each format."""

"""Gives each event its position in the log."""

"""Giving each event its place in the log."""

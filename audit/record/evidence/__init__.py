"""Turns an event into its three texts, its leaf and its row."""

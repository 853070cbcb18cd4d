"""Compares environments, and follows versions from one to the next."""

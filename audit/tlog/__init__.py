"""Merkle trees of transparency logs, as pure functions."""

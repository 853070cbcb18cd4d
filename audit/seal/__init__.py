"""Seals the logs: positions, the tree over them, signed checkpoints, the keys that sign."""

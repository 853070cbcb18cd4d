"""Holds what is stored against what was committed to: rows, receipts, tiles, checkpoints."""

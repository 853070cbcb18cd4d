"""Lowcoder's own words, in and out (docs/lowcoder.md)."""

"""Writes exports that prove themselves to a stranger (docs/evidence.md, "Export")."""

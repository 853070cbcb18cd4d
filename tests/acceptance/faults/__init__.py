"""Breaks an installation at random under load, and proves that nothing acknowledged was lost."""

"""Saved views: their page and their menu."""

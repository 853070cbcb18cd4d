"""Makes smaller what lies of months that are over."""

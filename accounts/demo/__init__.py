"""A believable company, the same for the same seed: what a new installation shows first."""

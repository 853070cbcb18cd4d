"""Works on what is recorded, in order: positions, seals, rollups, subjects, expiries."""

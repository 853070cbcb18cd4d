"""What is done after recording, in order: positions, rollups, subjects, partitions, expiries."""

"""What recording and searching share: ids, times, the registry of numbers, partitions."""

"""What recording and searching both stand on: ids, times, numbers of words, partitions."""

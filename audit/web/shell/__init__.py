"""The frame of every page: header, person, preferences."""

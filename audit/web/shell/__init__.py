"""What every page has around it: header, person, preferences."""

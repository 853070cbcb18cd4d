"""The pages of events: the list, one event, what one can filter by."""

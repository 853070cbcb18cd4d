"""Derives device and place from an event's user agent and IP address."""

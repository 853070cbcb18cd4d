"""Reads events from JSON: finds each, reads it exactly, fits it to the fields of an event."""

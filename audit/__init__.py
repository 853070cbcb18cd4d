"""The audit log of every environment: record, seal, find, show."""

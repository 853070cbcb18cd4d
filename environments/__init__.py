"""Environments, the services that send from them, and the keys that those hold."""

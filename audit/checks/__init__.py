"""System checks of the audit app's settings and database; each module registers its own."""

from . import databases, devices, policies, roles, values

__all__ = ["databases", "devices", "policies", "roles", "values"]

"""Is the audit app set up as it should be? Each module registers its checks."""

from . import databases, devices, policies, roles, values

__all__ = ["databases", "devices", "policies", "roles", "values"]

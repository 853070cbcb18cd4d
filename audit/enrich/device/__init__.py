"""Parses a user agent and its client hints into the eleven fields of a device.

Plain Python without Django's settings; one question a module, its rules in a table whose every
row carries an example that the tests run.
"""

from audit.vocabulary.document import Device

from .parse import clear_cache, parse_device
from .uap import is_fast

# Each change of a rule raises it; `manage.py reparse_devices` derives what lower ones derived.
RULES_VERSION = 4

__all__ = ["RULES_VERSION", "Device", "clear_cache", "is_fast", "parse_device"]

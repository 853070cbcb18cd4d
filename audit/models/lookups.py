"""Browsers, operating systems, device classes and countries, each under a small number.

Events carry the numbers, so that a filter by one of them compares two bytes.
"""

from django.db import models


class _Lookup(models.Model):
    id = models.SmallAutoField(primary_key=True)
    name = models.TextField(unique=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Browser(_Lookup):
    """An agent's name, as `Device.agent_name` says it."""


class OperatingSystem(_Lookup):
    """An operating system's name, as `Device.operating_system_name` says it."""


class DeviceClass(_Lookup):
    """A device class, as `Device.device_class` says it."""


class Country(_Lookup):
    """A country, by its ISO 3166-1 alpha-2 code."""

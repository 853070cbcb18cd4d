"""One row for each distinct user agent with its client hints, and the device parsed from it."""

from django.db import models
from django.db.models.functions import Now


class Client(models.Model):
    """One distinct pair of user agent and client hints, parsed once.

    id: 64-bit hash of the two texts; rules_version: of the device rules that parsed it. The
    eleven fields and the three numbers are derived, and may be derived again.
    """

    id = models.BigIntegerField(primary_key=True)
    user_agent = models.TextField()
    client_hints = models.TextField()
    agent_name = models.TextField(null=True)
    agent_version = models.TextField(null=True)
    device_class = models.TextField(null=True)
    device_name = models.TextField(null=True)
    device_brand = models.TextField(null=True)
    operating_system_name = models.TextField(null=True)
    operating_system_version = models.TextField(null=True)
    layout_engine_name = models.TextField(null=True)
    layout_engine_version = models.TextField(null=True)
    webview_app_name = models.TextField(null=True)
    webview_app_version = models.TextField(null=True)
    rules_version = models.IntegerField()
    first_seen = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.user_agent

"""One row an event, in partitions by month and environment."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Event(models.Model):
    """One recorded event.

    The table is made by SQL (migrations/sql/event.sql): `RANGE (id)` by month, each month
    `LIST (environment)`, primary key `(id, environment)`; Django is told that `id` alone is the
    key, which holds because ids are unique by construction.

    id: UUIDv7 of when it happened; the time is read from it (`audit.log.ids.time_of`)
    head, personal, details: the evidence, exact bytes; null once erased, as are their salts,
        and then the commitment stands in their place
    *_hash: CRC-32 of the text beside it, what the indexes are led by; queries ask for both (but
    `audit.query.counts.index_only`)
    submission_id, ordinal: the receipt, and the place in it
    All other columns derive from the three texts and can be rebuilt.
    """

    id = models.UUIDField(primary_key=True)
    received_at = models.DateTimeField()
    submission_id = models.BigIntegerField()
    client_id = models.BigIntegerField(null=True)
    sequence = models.BigIntegerField(null=True)
    ordinal = models.IntegerField()
    sender_id = models.IntegerField(null=True)
    key_id = models.IntegerField(null=True)
    workspace_hash = models.IntegerField(null=True)
    actor_hash = models.IntegerField(null=True)
    application_hash = models.IntegerField(null=True)
    resource_hash = models.IntegerField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    place_build = models.DateField(null=True)
    environment = models.SmallIntegerField()
    type = models.SmallIntegerField()
    outcome = models.SmallIntegerField(null=True)
    browser = models.SmallIntegerField(null=True)
    operating_system = models.SmallIntegerField(null=True)
    device_class = models.SmallIntegerField(null=True)
    country = models.SmallIntegerField(null=True)
    radius_km = models.SmallIntegerField(null=True)
    workspace_id = models.TextField(null=True)
    actor_id = models.TextField(null=True)
    application_id = models.TextField(null=True)
    application_gid = models.TextField(null=True)
    resource_type = models.TextField(null=True)
    resource_id = models.TextField(null=True)
    session = models.TextField(null=True)
    request_id = models.TextField(null=True)
    trace = models.TextField(null=True)
    source = models.TextField(null=True)
    ip = models.GenericIPAddressField(null=True)
    place_kind = models.TextField(null=True)
    region = models.TextField(null=True)
    city = models.TextField(null=True)
    time_zone = models.TextField(null=True)
    network = models.TextField(null=True)
    organisation = models.TextField(null=True)
    redacted = ArrayField(models.TextField(), null=True)
    head_salt = models.BinaryField(null=True)
    personal_salt = models.BinaryField(null=True)
    details_salt = models.BinaryField(null=True)
    head_commitment = models.BinaryField(null=True)
    personal_commitment = models.BinaryField(null=True)
    details_commitment = models.BinaryField(null=True)
    head = models.TextField(null=True)
    personal = models.TextField(null=True)
    details = models.TextField(null=True)

    class Meta:
        managed = False
        db_table = "audit_event"

    def __str__(self) -> str:
        return str(self.id)

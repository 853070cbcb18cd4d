"""The country and the device with which a user signed in for the first time."""

from django.db import models


class Sighting(models.Model):
    """The first sign-in of an actor from a country, or with a device.

    kind: country or device; value: the country's number, or those of browser, operating system
        and device class with "/" between them
    first_event: of the sign-in, which holds its time
    """

    pk = models.CompositePrimaryKey("environment", "actor_id", "kind", "value")
    environment = models.SmallIntegerField()
    actor_id = models.TextField()
    kind = models.TextField()
    value = models.TextField()
    first_event = models.UUIDField()

    class Meta:
        indexes = (
            # Who signed in lately from where, or with what, they never had before?
            models.Index(fields=("kind", "first_event"), name="audit_sighting_by_first"),
        )

    def __str__(self) -> str:
        return f"{self.actor_id}: {self.kind} {self.value}"

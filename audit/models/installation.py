"""The one row that identifies this installation, with its secret."""

from django.db import models


class Installation(models.Model):
    """The only row: the installation's id (it names the origins of its logs) and the secret
    under which event ids are derived from senders' ids. Neither ever changes.
    """

    is_only = models.BooleanField(primary_key=True, default=True)
    uuid = models.UUIDField()
    id_secret = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(is_only=True), name="audit_installation_is_only_one"
            ),
        )

    def __str__(self) -> str:
        return str(self.uuid)

"""Read tokens, as digests: what a reader of the API presents."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class ReadToken(models.Model):
    """A token for the query API that carries its user's scope; stored as its SHA-256 alone.

    States: live; expired (`expires_at` is past); revoked (`revoked_at` is set, for good)
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="read_tokens"
    )
    name = models.CharField(max_length=100, blank=True)
    digest = models.BinaryField(unique=True, editable=False)
    hint = models.CharField(max_length=20, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return f"{self.hint} of {self.user}"

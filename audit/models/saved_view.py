"""Searches and comparisons that people saved under a name."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

MAX_NAME_CHARACTERS = 100
MAX_ADDRESS_CHARACTERS = 4_000


class SavedView(models.Model):
    """A page with its parameters, under a name of its owner's.

    States: private, or shared (found by those who see what it is about, and they see what lies in
        their own scope); pinned (on its owner's home); default (what its owner's events page opens
        with)
    address: path and parameters, without a host: `/events/?type=…`
    needs: what one must see to find it where it is shared (`audit.web.saved_views.scope`)
    """

    id = models.BigAutoField(primary_key=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=MAX_NAME_CHARACTERS)
    address = models.CharField(max_length=MAX_ADDRESS_CHARACTERS)
    needs = ArrayField(models.TextField(), default=list)
    is_shared = models.BooleanField(default=False)
    is_pinned = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "name"), name="audit_saved_view_has_one_name_a_person"
            ),
            models.UniqueConstraint(
                fields=("owner",),
                condition=models.Q(is_default=True),
                name="audit_saved_view_one_default_a_person",
            ),
        )

    def __str__(self) -> str:
        return self.name

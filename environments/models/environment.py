"""The installations that send here, with their names, in their order."""

from django.db import models
from django.db.models.functions import Now

from audit.contracts import SYSTEM_ENVIRONMENT

KEY_PATTERN = r"^[a-z0-9][a-z0-9-]{0,31}$"
COLOUR_PATTERN = r"^#[0-9a-f]{6}$"


class Environment(models.Model):
    """One whole installation: Dev, Staging, Prod.

    key: what its log is called, never changed; not that of the product's own log, which superusers
        alone see
    position: its place among all, from where work begins
    is_production: users work here, so changes should come by promotion
    is_on_path: apps are promoted through it; on_path_since: from then on, None for always. What
        went past it before is not held against it
    """

    key = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=100)
    colour = models.CharField(max_length=7, default="#6b7280")
    position = models.PositiveSmallIntegerField(default=0)
    is_production = models.BooleanField(default=False)
    is_on_path = models.BooleanField(default=True)
    on_path_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(key__regex=KEY_PATTERN), name="environment_key_is_a_slug"
            ),
            models.CheckConstraint(
                condition=~models.Q(key=SYSTEM_ENVIRONMENT),
                name="environment_is_not_the_products_own_log",
            ),
            models.CheckConstraint(
                condition=models.Q(colour__regex=COLOUR_PATTERN), name="environment_colour_is_hex"
            ),
        )

    def __str__(self) -> str:
        return self.name

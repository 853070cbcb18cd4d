"""The leaves of closed months, and whether their indexes have been rebuilt."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Maintenance(models.Model):
    """A leaf (partition of one month and environment) of a closed month, as maintenance knows it.

    heap_bytes: of its rows, when last looked at; since: since when there are about as many
    rebuilt_heap_bytes: what heap_bytes was when its indexes were last rebuilt
    rebuilt_indexes: while it is at it, those that are done
    bytes_before, bytes_after: of its indexes, around the last rebuilding
    tried_at, problem: the last attempt that failed, and why (`audit.worker.maintenance.leaves`)
    States: seen (rebuilt_at is null), rebuilt; and again, once it has grown by a tenth
    """

    leaf = models.TextField(primary_key=True)
    heap_bytes = models.BigIntegerField()
    since = models.DateTimeField()
    rebuilt_heap_bytes = models.BigIntegerField(null=True)
    rebuilt_at = models.DateTimeField(null=True)
    rebuilt_indexes = ArrayField(models.TextField(), db_default=[])
    bytes_before = models.BigIntegerField(null=True)
    bytes_after = models.BigIntegerField(null=True)
    tried_at = models.DateTimeField(null=True)
    problem = models.TextField(db_default="")

    def __str__(self) -> str:
        return self.leaf

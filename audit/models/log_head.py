"""The number of positions given in each environment's log."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class LogHead(models.Model):
    """One row an environment, locked by whoever gives positions.

    size: positions given, `[0, size)`
    tree_size: leaves already in the tree, never above size; frontier: the roots of its perfect
        subtrees, largest first (RFC 6962 section 2.1)
    epoch: 1, and one more after each rollback that was noticed (it names the log's origin)
    """

    environment = models.SmallIntegerField(primary_key=True)
    size = models.BigIntegerField(default=0)
    tree_size = models.BigIntegerField(default=0)
    frontier = ArrayField(models.BinaryField(), default=list)
    epoch = models.IntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(tree_size__gte=0, tree_size__lte=models.F("size")),
                name="audit_log_head_tree_is_not_ahead",
            ),
        )

    def __str__(self) -> str:
        return f"{self.environment}: {self.size}"

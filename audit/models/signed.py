"""What the log commits itself to: tiles of its tree, and signed checkpoints."""

from django.db import models


class Tile(models.Model):
    """256 hashes of one level of an environment's tree (c2sp.org/tlog-tiles); level 0 is read
    from the submissions, so level starts at 1.
    """

    pk = models.CompositePrimaryKey("environment", "epoch", "level", "index")
    environment = models.SmallIntegerField()
    epoch = models.IntegerField()
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.environment}/{self.level}/{self.index}"


class Checkpoint(models.Model):
    """A signed note over the tree of one size (c2sp.org/tlog-checkpoint), as it was published."""

    pk = models.CompositePrimaryKey("environment", "epoch", "size")
    environment = models.SmallIntegerField()
    epoch = models.IntegerField()
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.environment}: {self.size}"

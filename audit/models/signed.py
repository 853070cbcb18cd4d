"""What the log commits itself to: hashes of its tree, signed checkpoints, and whose keys sign."""

from django.db import models


class TileHash(models.Model):
    """One hash of a tile (c2sp.org/tlog-tiles): the root of the 256^level leaves that begin at
    `index · 256^level`. level: 1 and up, since those of level 0 are read from the submissions.

    A row a hash: what is complete is added once and never changed, whatever the log's size.
    """

    pk = models.CompositePrimaryKey("environment", "epoch", "level", "index")
    environment = models.SmallIntegerField()
    epoch = models.IntegerField()
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

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


class LogKey(models.Model):
    """A key that signs, or signed, the checkpoints of this installation; the secret half is in a
    file. public: 32 bytes, Ed25519

    States: signing (ends_at is null), signing besides a newer one (ends_at is to come), ended.
    """

    public = models.BinaryField(primary_key=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return bytes(self.public).hex()

"""How much of each sender was rejected on a day, and how much of that is kept."""

from django.db import models


class RejectedCount(models.Model):
    """What was refused of one sender on one day (UTC); kept as long as `Rejected`.

    total: all that was refused; kept, kept_bytes: rows of `Rejected` and their texts: they end
    where the day's limit is reached, so that no sender can fill the disk
    """

    pk = models.CompositePrimaryKey("sender_id", "day")
    sender_id = models.IntegerField()
    day = models.DateField()
    sender = models.TextField(db_default="")
    environment = models.SmallIntegerField()
    total = models.BigIntegerField()
    kept = models.IntegerField()
    kept_bytes = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.sender_id}, {self.day}: {self.total}"

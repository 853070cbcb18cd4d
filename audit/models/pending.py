"""The receipts that wait for their positions."""

from django.db import models


class Pending(models.Model):
    """A receipt without positions. A queue, not "ids above the last seen": ids are given before
    the commit, so a late commit would be skipped.
    """

    submission_id = models.BigIntegerField(primary_key=True)
    environment = models.SmallIntegerField()

    def __str__(self) -> str:
        return str(self.submission_id)

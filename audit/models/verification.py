"""How far each log has been verified, and what was found."""

from django.db import models


class Verification(models.Model):
    """One of the rounds that go on by themselves: `recent` looks at what came lately, `whole` reads
    every event again, piece by piece.

    position: where the round goes on; size: where it ends; events, findings: of this round so far
    finished_at: of the last whole round, with what it found (last_events, last_findings)
    """

    pk = models.CompositePrimaryKey("environment", "kind")
    environment = models.SmallIntegerField()
    kind = models.TextField()
    position = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    events = models.BigIntegerField(default=0)
    findings = models.BigIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    last_events = models.BigIntegerField(null=True)
    last_findings = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.environment} {self.kind}: {self.position}"

"""The events of each subject, by day."""

from django.db import models


class SubjectCount(models.Model):
    """Events of one day of the installation's zone, by subject and workspace ("" = none).

    kind: actor, application or "resource:data_source", as in `Subject`
    Counted by the worker together with the rollups, up to the same position (`RollupHead`).
    """

    pk = models.CompositePrimaryKey("environment", "kind", "day", "subject_id", "workspace_id")
    environment = models.SmallIntegerField()
    kind = models.TextField()
    day = models.DateField()
    subject_id = models.TextField()
    workspace_id = models.TextField()
    total = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.subject_id}, {self.day}: {self.total}"

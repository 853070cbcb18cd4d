"""Under what name was somebody or something last seen?"""

from django.db import models


class Subject(models.Model):
    """The last known name, e-mail and gid of an id, for pick-lists and to join environments.

    kind: actor, application, workspace, or a resource's type with "resource:" before it
    name_lower: for search by prefix
    """

    pk = models.CompositePrimaryKey("environment", "kind", "subject_id")
    environment = models.SmallIntegerField()
    kind = models.TextField()
    subject_id = models.TextField()
    name = models.TextField(null=True)
    name_lower = models.TextField(null=True)
    email = models.TextField(null=True)
    gid = models.TextField(null=True)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()

    class Meta:
        indexes = (
            # Which actors (applications, …) have a name that starts with these letters?
            models.Index(
                models.F("kind"),
                models.expressions.OrderBy(models.F("name_lower")),
                name="audit_subject_by_name",
            ),
            # Which were seen last?
            models.Index(fields=("kind", "-last_seen"), name="audit_subject_by_last_seen"),
            # Who is this in the other environments?
            models.Index(
                fields=("email",),
                name="audit_subject_by_email",
                condition=models.Q(email__isnull=False),
            ),
            models.Index(
                fields=("gid",), name="audit_subject_by_gid", condition=models.Q(gid__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return self.name or self.subject_id

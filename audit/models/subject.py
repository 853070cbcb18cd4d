"""The names under which people and things were last seen in an environment."""

from django.db import models

# An index entry above 2,704 bytes fails the statement, and with it the worker.
MAX_NAME_PREFIX = 200
MAX_EMAIL_CHARACTERS = 320
# A resource's kind is this and its type.
RESOURCE = "resource:"


class Known(models.Model):
    """What was last known of an id.

    kind: actor, application, workspace, type (of event), or RESOURCE with a resource's type
    name_lower: its first MAX_NAME_PREFIX characters, each letter in one form: by it
        things of several environments are joined
    email: null where it is longer than MAX_EMAIL_CHARACTERS
    last_seen: up to a minute early (`audit.worker.subjects.EXACT_WITHIN_SECONDS`)
    """

    environment = models.SmallIntegerField()
    kind = models.TextField()
    subject_id = models.TextField()
    name = models.TextField(null=True)
    name_lower = models.TextField(null=True)
    email = models.TextField(null=True)
    gid = models.TextField(null=True)
    last_seen = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name or self.subject_id


class Subject(Known):
    """The last known name, e-mail and gid of an id, for pick-lists and to join environments."""

    pk = models.CompositePrimaryKey("environment", "kind", "subject_id")

    class Meta:
        indexes = (
            # Which were seen last? (Which have an e-mail address that starts with these letters: an
            # index that migrations/sql/subjects.sql makes.)
            models.Index(
                fields=("environment", "kind", "-last_seen"), name="audit_subject_by_last_seen"
            ),
        )

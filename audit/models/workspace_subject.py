"""The names under which people and things were last seen in one workspace."""

from django.db import models

from .subject import Known


class WorkspaceSubject(Known):
    """The same as `Subject`, by workspace: what a person bound to workspaces may see.

    Names and times are those of this workspace's events alone. Workspaces themselves aren't here.

    workspace_key: the first 128 bits of the SHA-256 of the workspace's id
        (`audit.log.hashes.text_key`); the id itself would make index entries too long
    """

    pk = models.CompositePrimaryKey("environment", "workspace_key", "kind", "subject_id")
    workspace_key = models.UUIDField()

    class Meta:
        indexes = (
            # The questions of `Subject`, in one workspace; by e-mail: migrations/sql/subjects.sql.
            models.Index(
                fields=("environment", "workspace_key", "kind", "-last_seen"),
                name="audit_ws_subject_by_last_seen",
            ),
        )

"""The words of subjects' names, by which they are searched."""

from uuid import UUID

from django.db import models

# In place of a workspace's key: the words of a `Subject`.
NO_WORKSPACE = UUID(int=0)


class SubjectWord(models.Model):
    """One word of the name of a subject (`audit.vocabulary.folding.search_words`).

    list_key: of environment, workspace and kind (`audit.log.hashes.list_key`)
    subject_key: of the id (`audit.log.hashes.short_key`)
    word: compared by its bytes, so that an index finds what begins with some letters
    """

    pk = models.CompositePrimaryKey("list_key", "subject_key", "word")
    list_key = models.BigIntegerField()
    subject_key = models.BigIntegerField()
    word = models.TextField(db_collation="C")
    subject_id = models.TextField()

    class Meta:
        indexes = (
            # Whose name has a word that begins with these letters?
            models.Index(fields=("list_key", "word"), name="audit_subject_by_word"),
        )

    def __str__(self) -> str:
        return self.word


class SubjectWordHead(models.Model):
    """How far subjects from before there were words have theirs; gone once all of a table do.

    source: the table of subjects; the other fields: the key of the last one done
    """

    source = models.TextField(primary_key=True)
    environment = models.SmallIntegerField()
    workspace_key = models.UUIDField()
    kind = models.TextField()
    subject_id = models.TextField()

    def __str__(self) -> str:
        return self.source

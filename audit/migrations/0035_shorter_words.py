"""A word of a name says by one number of whose it is, not by three texts.

Made of the words that are there: some seconds for a million. Going back, the worker makes them
anew.
"""

from pathlib import Path

import sqlparse
from django.db import migrations, models

from ._postgresql import PostgreSQLMigration

SQL = Path(__file__).with_name("sql")


def _read(name: str) -> list[str]:
    return sqlparse.split((SQL / name).read_text())


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0034_kept_evidence"),)
    operations = (
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(_read("shorter_words.sql"), _read("shorter_words_reversed.sql"))
            ],
            state_operations=[
                migrations.DeleteModel("SubjectWord"),
                migrations.CreateModel(
                    name="SubjectWord",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "list_key",
                                "subject_key",
                                "word",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("list_key", models.BigIntegerField()),
                        ("subject_key", models.BigIntegerField()),
                        ("word", models.TextField(db_collation="C")),
                        ("subject_id", models.TextField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["list_key", "word"], name="audit_subject_by_word")
                        ],
                    },
                ),
            ],
        ),
    )

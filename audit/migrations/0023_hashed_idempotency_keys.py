"""An Idempotency-Key is kept as its SHA-256 alone: what a client puts there may be a token.

Quick: of each key there is a day. Backwards the keys can't be told; they are let go.
"""

from django.db import migrations

from ._postgresql import PostgreSQLMigration


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0022_rules_of_zones"),)
    operations = (
        migrations.RunSQL(
            "UPDATE audit_idempotency SET key = encode(sha256(convert_to(key, 'UTF8')), 'hex')",
            "DELETE FROM audit_idempotency",
        ),
    )

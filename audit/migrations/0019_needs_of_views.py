"""A shared view is found by those who see what its address is about.

Of views that were shared before it is read from the address; one that names no environment is of
all that there are by now.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

from ._postgresql import PostgreSQLMigration

NEEDS = """
UPDATE audit_savedview v SET needs = coalesce(
    (SELECT array_agg(DISTINCT m[1] ORDER BY m[1])
    FROM regexp_matches(v.address, '[?&]environment=([^&#]+)', 'g') AS m),
    (SELECT array_agg(e.key ORDER BY e.key) FROM audit_environment e WHERE e.key <> 'audit-system'),
    '{}')
WHERE v.is_shared
"""


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0018_streamed_exports"),)
    operations = (
        migrations.AddField(
            model_name="savedview",
            name="needs",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), default=list, size=None
            ),
        ),
        migrations.RunSQL(NEEDS, migrations.RunSQL.noop),
    )

"""Grants become roles, of people and groups, everywhere or in an environment, with an end.

Nobody gains anything, and nobody loses anything. What was granted, and `sees_everything`, becomes
the role of an auditor; who is staff was told how the installation fares, and cleared alarms: that
is the role `on_call`.

Backwards as far as the older tables can say it: a lasting auditor or administrator of everything
`sees_everything`, of an environment or a workspace has the grant. What is given to a group, for a
time or in another role is lost, for it would become more.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import accounts.roles

READS_ALL = ("auditor", "administrator")


def flags_to_grants(apps, schema_editor):
    users, grants = apps.get_model("accounts", "User"), apps.get_model("accounts", "Grant")
    alias = schema_editor.connection.alias
    rows = [
        grants(user=user, role="auditor")
        for user in users.objects.using(alias).filter(sees_everything=True).order_by("pk")
    ]
    rows += [
        grants(user=user, role="on_call")
        for user in users.objects.using(alias).filter(is_staff=True).order_by("pk")
    ]
    grants.objects.using(alias).bulk_create(rows)
    _check_now(schema_editor)


def grants_to_flags(apps, schema_editor):
    users, grants = apps.get_model("accounts", "User"), apps.get_model("accounts", "Grant")
    alias = schema_editor.connection.alias
    rows = grants.objects.using(alias)
    lasting = rows.filter(expires_at=None, group=None, role__in=READS_ALL)
    everything = lasting.filter(environment=None).values_list("user", flat=True)
    users.objects.using(alias).filter(pk__in=list(everything)).update(sees_everything=True)
    kept = {
        grant[1:]: grant[0]
        for grant in lasting.exclude(environment=None)
        .order_by("pk")
        .values_list("pk", "user", "environment", "workspace_id")
    }
    rows.exclude(pk__in=list(kept.values())).delete()
    _check_now(schema_editor)


def _check_now(schema_editor):
    """A table with checks that wait for the commit can't be altered."""
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_no_time_zone"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("environments", "0003_products_own_log"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="grant", name="grant_is_given_once"),
        migrations.AddField(
            model_name="grant",
            name="role",
            field=models.CharField(
                choices=accounts.roles.role_choices, default="auditor", max_length=32
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="grant",
            name="group",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="grants",
                to="auth.group",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="expires_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="grant",
            name="given_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="given_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), editable=False
            ),
        ),
        migrations.AlterField(
            model_name="grant",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="grants",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="grant",
            name="environment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="grants",
                to="environments.environment",
            ),
        ),
        migrations.RunPython(flags_to_grants, grants_to_flags),
        migrations.RemoveField(model_name="user", name="sees_everything"),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("user", None)) ^ models.Q(("group", None)),
                name="grant_is_to_a_person_or_a_group",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("workspace_id", None))
                | models.Q(("environment", None), _negated=True),
                name="grant_of_a_workspace_names_its_environment",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("role", "system_auditor"), _negated=True)
                | models.Q(("environment", None)),
                name="grant_of_the_products_own_log_names_no_environment",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                fields=("user", "group", "role", "environment", "workspace_id"),
                name="grant_is_given_once",
                nulls_distinct=False,
            ),
        ),
    ]

from typing import Any

from django.db import migrations, models

# What hangs on an environment or a sender is recorded under it, so neither may turn into another.
REFUSE = """
CREATE FUNCTION environments_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'check_violation';
END $$
"""
SENDER_STAYS = """
CREATE TRIGGER sender_stays_in_its_environment BEFORE UPDATE ON environments_sender
FOR EACH ROW WHEN (NEW.environment_id <> OLD.environment_id)
EXECUTE FUNCTION environments_refuse(
    'A sender stays in its environment: its events were recorded there. Make another sender.')
"""
KEY_STAYS = """
CREATE TRIGGER environment_keeps_its_key BEFORE UPDATE ON environments_environment
FOR EACH ROW WHEN (NEW.key <> OLD.key)
EXECUTE FUNCTION environments_refuse(
    'An environment keeps its key: its log goes by it. Change the name instead.')
"""


def mark_the_last(apps: Any, schema_editor: Any) -> None:
    """Until now the last in order was taken for production."""
    environments = apps.get_model("environments", "Environment").objects
    using = environments.using(schema_editor.connection.alias)
    last = using.order_by("position", "key").last()
    if last is not None:
        using.filter(pk=last.pk).update(is_production=True)


class Migration(migrations.Migration):
    dependencies = [("environments", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="environment",
            name="is_production",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="environment",
            name="is_on_path",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="environment",
            name="on_path_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunSQL(REFUSE, "DROP FUNCTION environments_refuse()"),
        migrations.RunSQL(
            SENDER_STAYS, "DROP TRIGGER sender_stays_in_its_environment ON environments_sender"
        ),
        migrations.RunSQL(
            KEY_STAYS, "DROP TRIGGER environment_keeps_its_key ON environments_environment"
        ),
        migrations.RunPython(mark_the_last, migrations.RunPython.noop),
    ]

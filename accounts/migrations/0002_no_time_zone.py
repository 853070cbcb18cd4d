"""A person's time zone moves to `audit.Preferences`, beside whatever else they chose."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("accounts", "0001_initial"),)
    operations = (migrations.RemoveField(model_name="user", name="time_zone"),)

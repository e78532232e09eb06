"""Triggers of the registry; see 0002_guards.sql."""

from pathlib import Path

from django.db import migrations

FORWARD = Path(__file__).with_name("0002_guards.sql").read_text()
BACKWARD = "DROP TRIGGER registry_unit_guard ON registry_unit; DROP FUNCTION registry_unit_guard();"


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

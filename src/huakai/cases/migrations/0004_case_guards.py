"""What no code may get around, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("0004_case_guards.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_closed_loops")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]

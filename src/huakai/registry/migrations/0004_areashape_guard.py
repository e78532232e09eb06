"""Guard of the outlines; see 0004_areashape_guard.sql."""

from pathlib import Path

from django.db import migrations

FORWARD = Path(__file__).with_name("0004_areashape_guard.sql").read_text()
BACKWARD = """
    ALTER TABLE registry_areashape DROP CONSTRAINT shape_size;
    DROP TRIGGER registry_areashape_guard ON registry_areashape; DROP FUNCTION registry_areashape_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_areashape")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

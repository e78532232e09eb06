from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("packs", "0001_initial")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            """
            DROP TRIGGER packs_edition_refuse ON packs_edition; DROP TRIGGER packs_edition_keep ON packs_edition;
            DROP FUNCTION packs_edition_refuse();
            """,
        )
    ]

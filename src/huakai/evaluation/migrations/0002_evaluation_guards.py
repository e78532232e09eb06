from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0001_initial")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            """
            DROP TRIGGER evaluation_value_collecting ON evaluation_value;
            DROP TRIGGER evaluation_decision_collecting ON evaluation_decision;
            DROP TRIGGER evaluation_issue_keep ON evaluation_issue;
            DROP FUNCTION evaluation_collecting_only(); DROP FUNCTION evaluation_issue_guard();
            """,
        )
    ]

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            """
            DROP TRIGGER audit_event_chain ON audit_event; DROP TRIGGER audit_event_refuse ON audit_event;
            DROP TRIGGER audit_event_keep ON audit_event; DROP TRIGGER audit_head_move ON audit_head;
            DROP TRIGGER audit_head_refuse ON audit_head; DROP TRIGGER audit_head_keep ON audit_head;
            DROP TRIGGER audit_delivery_refuse ON audit_delivery; DROP TRIGGER audit_delivery_keep ON audit_delivery;
            DROP FUNCTION audit_head_guard(); DROP FUNCTION audit_refuse(); DROP FUNCTION audit_chain();
            DROP FUNCTION audit_event_hash(audit_event);
            """,
        )
    ]

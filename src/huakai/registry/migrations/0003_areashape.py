"""Outlines of units."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="AreaShape",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("geometry", models.JSONField()),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("source", models.CharField(blank=True, max_length=120)),
                ("changed_at", models.DateTimeField()),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None), ("ends_on__gt", models.F("starts_on")), _connector="OR"
                        ),
                        name="shape_period",
                    ),
                    models.UniqueConstraint(fields=("unit", "starts_on"), name="shape_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("geometry__has_key", "coordinates"),
                            ("geometry__type__in", ["Polygon", "MultiPolygon"]),
                        ),
                        name="shape_geometry",
                    ),
                ],
            },
        ),
    ]

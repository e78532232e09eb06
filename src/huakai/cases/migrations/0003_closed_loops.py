"""The closed loops: clocks, parts, supervision, links, groups, visits; fewer indexes on the case."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_guards"),
        ("packs", "0002_edition_guards"),
        ("registry", "0004_areashape_guard"),
    ]

    operations = [
        migrations.CreateModel(
            name="CallBack",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("drawn_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("state", models.CharField(default="waiting", max_length=12)),
                ("solved", models.CharField(blank=True, db_default="", default="", max_length=8)),
                ("stars", models.PositiveSmallIntegerField(null=True)),
                ("words", models.CharField(blank=True, db_default="", default="", max_length=500)),
                ("called_by", models.UUIDField(null=True)),
                ("called_at", models.DateTimeField(null=True)),
                ("area_code", models.CharField(db_collation="C", max_length=24)),
            ],
        ),
        migrations.CreateModel(
            name="CaseGroup",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("title", models.CharField(max_length=80)),
                ("plan", models.TextField(blank=True, max_length=2000)),
                ("area_code", models.CharField(db_collation="C", max_length=24)),
                ("pack_code", models.CharField(max_length=40)),
                ("state", models.CharField(default="open", max_length=10)),
                ("answer", models.TextField(blank=True, max_length=2000)),
                ("made_by", models.UUIDField(null=True)),
                ("made_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CaseLink",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=8)),
                ("reason", models.CharField(blank=True, default="", max_length=300)),
                ("stood", models.CharField(blank=True, default="", max_length=40)),
                ("by", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                ("undone_by", models.UUIDField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CasePhoto",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("photo", models.UUIDField(unique=True)),
                ("moment", models.CharField(max_length=8)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ClockEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("clock", models.CharField(max_length=40)),
                ("act", models.CharField(max_length=8)),
                ("run", models.PositiveSmallIntegerField(default=1)),
                ("at", models.DateTimeField()),
                ("amount", models.DecimalField(decimal_places=3, max_digits=9, null=True)),
                ("unit", models.CharField(blank=True, default="", max_length=16)),
                ("due_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=300)),
                ("by", models.UUIDField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ClockRequest",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=8)),
                ("amount", models.DecimalField(decimal_places=3, max_digits=9, null=True)),
                ("unit", models.CharField(blank=True, default="", max_length=16)),
                ("reason", models.CharField(max_length=300)),
                ("asked_by", models.UUIDField()),
                ("asked_at", models.DateTimeField()),
                ("state", models.CharField(default="asked", max_length=8)),
                ("decided_by", models.UUIDField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision", models.CharField(blank=True, default="", max_length=300)),
                ("over_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("held_on", models.DateField()),
                ("unit_codes", models.JSONField()),
                ("decision", models.TextField(max_length=2000)),
                ("written_by", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("clock", models.CharField(max_length=40)),
                ("run", models.PositiveSmallIntegerField()),
                ("rung", models.CharField(max_length=40)),
                ("act", models.CharField(max_length=16)),
                ("to", models.CharField(max_length=16)),
                ("unit_code", models.CharField(db_collation="C", max_length=24)),
                ("due_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Follower",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="GroupMember",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Quantity",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=40)),
                ("amount", models.DecimalField(decimal_places=4, max_digits=18)),
                ("mark", models.CharField(blank=True, db_default="", default="", max_length=4)),
                ("measure", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=40)),
                ("query", models.CharField(max_length=400)),
                ("shared_with", models.CharField(blank=True, db_collation="C", max_length=24)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Supervision",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=10)),
                ("state", models.CharField(max_length=10)),
                ("unit_code", models.CharField(db_collation="C", max_length=24)),
                ("area_code", models.CharField(db_collation="C", max_length=24)),
                ("reason", models.CharField(max_length=500)),
                ("due_at", models.DateTimeField(null=True)),
                ("ordered_by", models.UUIDField(null=True)),
                ("ordered_at", models.DateTimeField()),
                ("answer", models.CharField(blank=True, default="", max_length=2000)),
                ("answered_by", models.UUIDField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("decision", models.CharField(blank=True, default="", max_length=1000)),
                ("document", models.CharField(blank=True, default="", max_length=120)),
                ("decided_by", models.UUIDField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("appeal", models.CharField(blank=True, default="", max_length=1000)),
                ("appealed_at", models.DateTimeField(null=True)),
                ("appeal_decision", models.CharField(blank=True, default="", max_length=1000)),
                ("appeal_decided_by", models.UUIDField(null=True)),
                ("appeal_decided_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("area_code", models.CharField(db_collation="C", max_length=24)),
                ("unit_code", models.CharField(blank=True, db_collation="C", max_length=24)),
                ("visited_on", models.DateField()),
                ("words", models.TextField(blank=True, max_length=2000)),
                ("client_key", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="assignment",
            name="one_accepted_per_case",
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_status",
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_closed_has_time",
        ),
        migrations.RemoveConstraint(
            model_name="rating",
            name="rating_once_per_rater",
        ),
        migrations.AddField(
            model_name="assignment",
            name="accept_due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="assignment",
            name="accepted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="assignment",
            name="due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="assignment",
            name="head",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.person",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="is_part",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="assignment",
            name="result",
            field=models.CharField(blank=True, db_default="", default="", max_length=2000),
        ),
        migrations.AddField(
            model_name="assignment",
            name="unit_code",
            field=models.CharField(blank=True, db_collation="C", db_default="", default="", max_length=24),
        ),
        migrations.AddField(
            model_name="case",
            name="accepted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="answers",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="case",
            name="assigned_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="clock_edition",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="packs.edition",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="clock_runs",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="case",
            name="failed_checks",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="case",
            name="feedback_due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="found_by_code",
            field=models.CharField(blank=True, db_collation="C", db_default="", default="", max_length=24),
        ),
        migrations.AddField(
            model_name="case",
            name="head",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.person",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="merged_into",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="next_act_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="origin_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="origin_kind",
            field=models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
        migrations.AddField(
            model_name="case",
            name="outcome",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="case",
            name="paused_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="private_enc",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="reopened",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="case",
            name="restricted",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="case",
            name="review_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="route_rule",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="solved",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="worked_by",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="note",
            name="kind",
            field=models.CharField(db_default="move", default="move", max_length=8),
        ),
        migrations.AddField(
            model_name="rating",
            name="attitude_stars",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="rating",
            name="response_stars",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="rating",
            name="round",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="rating",
            name="solved",
            field=models.CharField(blank=True, db_default="", default="", max_length=8),
        ),
        migrations.AlterField(
            model_name="case",
            name="area",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.unit",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="due_estimated",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="case",
            name="edition",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="packs.edition",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="lead_unit",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.unit",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="opened_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.person",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="photo_count",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="case",
            name="requester",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.person",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="taker_person",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.person",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="taker_team",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.team",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="urgent",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("person__isnull", False)),
                fields=["person", "offered_at"],
                name="load_of_person",
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("team__isnull", False)),
                fields=["team", "offered_at"],
                name="load_of_team",
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("is_part", True), ("state__in", ["offered", "accepted"])),
                fields=["unit_code", "due_at"],
                name="part_by_unit",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("next_act_at__isnull", False)),
                fields=["next_act_at"],
                name="case_by_next_act",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("status", "parked")), fields=["review_at", "id"], name="case_by_review"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("feedback_due_at__isnull", False)),
                fields=["feedback_due_at", "id"],
                name="case_by_feedback",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into"],
                name="case_by_merge",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("origin_id__isnull", False)), fields=["origin_id"], name="case_by_origin"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("found_by_code", ""), _negated=True),
                fields=["found_by_code", "-id"],
                name="case_by_finder",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_part", False), ("state", "accepted")),
                fields=("case",),
                name="one_accepted_per_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_part", True), ("state__in", ["offered", "accepted"])),
                fields=("case", "unit"),
                name="one_standing_part_a_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_part", False), ("kind", "unit"), _connector="OR"),
                name="part_is_a_units",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "parked", "closed", "cancelled", "merged"])),
                name="case_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("status__in", ("closed", "cancelled"))),
                    models.Q(
                        models.Q(("status__in", ("closed", "cancelled")), _negated=True), ("closed_at", None)
                    ),
                    _connector="OR",
                ),
                name="case_closed_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("status", "merged")),
                    models.Q(models.Q(("status", "merged"), _negated=True), ("merged_into", None)),
                    _connector="OR",
                ),
                name="case_merged_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("id")), _negated=True),
                name="case_not_into_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "parked"), _negated=True),
                    ("review_at__isnull", False),
                    _connector="OR",
                ),
                name="case_parked_has_review",
            ),
        ),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.UniqueConstraint(
                fields=("case", "rater_role", "rater", "round"), name="rating_once_per_rater"
            ),
        ),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("response_stars", None), ("response_stars__range", (1, 5)), _connector="OR"),
                    models.Q(("attitude_stars", None), ("attitude_stars__range", (1, 5)), _connector="OR"),
                    ("solved__in", ["", "yes", "partly", "no"]),
                ),
                name="rating_aspects",
            ),
        ),
        migrations.AddField(
            model_name="callback",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
            ),
        ),
        migrations.AddConstraint(
            model_name="casegroup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at", None), ("state", "open")),
                    models.Q(("answered_at__isnull", False), ("state", "answered")),
                    _connector="OR",
                ),
                name="group_answered",
            ),
        ),
        migrations.AddField(
            model_name="caselink",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="caselink",
            name="target",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="casephoto",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="clockevent",
            name="calendar",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="packs.edition",
            ),
        ),
        migrations.AddField(
            model_name="clockevent",
            name="case",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="clockrequest",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="consultation",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="escalation",
            name="case",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="follower",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="follower",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
            ),
        ),
        migrations.AddField(
            model_name="groupmember",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="groupmember",
            name="group",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.casegroup"
            ),
        ),
        migrations.AddField(
            model_name="quantity",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="savedfilter",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
            ),
        ),
        migrations.AddField(
            model_name="supervision",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="supervision",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.unit"
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="area",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.unit"
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="visitor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
            ),
        ),
        migrations.AddIndex(
            model_name="callback",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["due_at"], name="call_back_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="callback",
            constraint=models.UniqueConstraint(fields=("case", "drawn_at"), name="call_back_once"),
        ),
        migrations.AddConstraint(
            model_name="callback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("called_at", None), ("solved", ""), ("stars", None), ("state", "waiting")),
                    models.Q(
                        ("called_at__isnull", False),
                        ("solved", ""),
                        ("stars", None),
                        ("state", "unreachable"),
                    ),
                    models.Q(
                        ("called_at__isnull", False),
                        ("solved__in", ["yes", "partly", "no"]),
                        ("state", "reached"),
                    ),
                    _connector="OR",
                ),
                name="call_back_said",
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "merge"), ("undone_at", None)),
                fields=("source",),
                name="merged_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", models.F("target")), _negated=True), name="link_two_cases"
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["merge", "split"])), name="link_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="casephoto",
            constraint=models.CheckConstraint(
                condition=models.Q(("moment__in", ["before", "after", "paper"])), name="photo_moment"
            ),
        ),
        migrations.AddIndex(
            model_name="clockevent",
            index=models.Index(fields=["case", "id"], name="clock_event_by_case"),
        ),
        migrations.AddConstraint(
            model_name="clockevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("act__in", ["start", "extend"]), ("amount__gt", 0)),
                    models.Q(("act__in", ["pause", "resume", "stop"]), ("amount", None)),
                    _connector="OR",
                ),
                name="clock_event_act",
            ),
        ),
        migrations.AddConstraint(
            model_name="clockrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("case", "kind"),
                name="one_open_request_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="clockrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("state", "asked")),
                    models.Q(models.Q(("state", "asked"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="clock_request_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="clockrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="clock_request_not_by_oneself",
            ),
        ),
        migrations.AddIndex(
            model_name="consultation",
            index=models.Index(fields=["case", "at"], name="consultation_by_case"),
        ),
        migrations.AddIndex(
            model_name="escalation",
            index=models.Index(
                condition=models.Q(("seen_at", None)), fields=["unit_code", "-id"], name="escalation_unseen"
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.UniqueConstraint(
                fields=("case", "clock", "run", "rung"), name="escalation_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="follower",
            constraint=models.UniqueConstraint(fields=("case", "person"), name="follower_once"),
        ),
        migrations.AddConstraint(
            model_name="groupmember",
            constraint=models.UniqueConstraint(fields=("group", "case"), name="group_member_once"),
        ),
        migrations.AddConstraint(
            model_name="quantity",
            constraint=models.UniqueConstraint(fields=("case", "code"), name="quantity_once_per_code"),
        ),
        migrations.AddConstraint(
            model_name="quantity",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="quantity_positive"
            ),
        ),
        migrations.AddIndex(
            model_name="savedfilter",
            index=models.Index(fields=["shared_with"], name="filter_shared"),
        ),
        migrations.AddConstraint(
            model_name="savedfilter",
            constraint=models.UniqueConstraint(fields=("owner", "title"), name="filter_title_once"),
        ),
        migrations.AddIndex(
            model_name="supervision",
            index=models.Index(fields=["kind", "state", "unit_code"], name="supervision_by_unit"),
        ),
        migrations.AddIndex(
            model_name="supervision",
            index=models.Index(fields=["kind", "area_code", "-id"], name="supervision_by_area"),
        ),
        migrations.AddConstraint(
            model_name="supervision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["open", "answered", "proposed"])),
                fields=("case", "kind", "unit"),
                name="one_standing_supervision",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "supervise"), ("state__in", ["open", "answered", "lifted"])),
                    models.Q(
                        ("kind", "account"),
                        ("state__in", ["proposed", "decided", "dismissed", "appealed", "final"]),
                    ),
                    _connector="OR",
                ),
                name="supervision_states",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["open", "answered", "proposed"]),
                    ("decided_by__isnull", False),
                    _connector="OR",
                ),
                name="supervision_decided_by_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("appeal_decided_by", None),
                    models.Q(("appeal_decided_by", models.F("decided_by")), _negated=True),
                    _connector="OR",
                ),
                name="supervision_appeal_by_another",
            ),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["area_code", "-id"], name="visit_by_area"),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(fields=("visitor", "client_key"), name="visit_once_per_key"),
        ),
    ]

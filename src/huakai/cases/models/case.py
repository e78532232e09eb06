"""The case itself and the chain of its assignments (separate states)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huakai.cases.models.keys import down

ENDED = ("closed", "cancelled")


class Case(models.Model):
    """One thing that travels a loop. `number` is what people read out on the telephone.

    Keys bring no index of their own: the lists below have theirs, and every further one costs each new case.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    number = models.BigIntegerField(unique=True)
    edition = down("packs.Edition", db_index=False)
    flow = models.CharField(max_length=40)
    stage = models.CharField(max_length=40)
    status = models.CharField(max_length=12)
    category = models.CharField(max_length=40)
    service = models.CharField(max_length=40, blank=True)
    tag = models.CharField(max_length=40, blank=True)
    caller_kind = models.CharField(max_length=24)
    channel = models.CharField(max_length=24)
    title = models.CharField(max_length=80)
    detail = models.TextField(blank=True, max_length=2000)
    urgent = models.BooleanField(default=False, db_default=False)
    area = down("registry.Unit", db_index=False)
    area_code = models.CharField(max_length=24, db_collation="C")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    address_enc = models.BinaryField(null=True)
    requester = down("registry.Person", db_index=False)
    served_for = models.CharField(max_length=12, default="self")
    opened_by = down("registry.Person", null=True, db_index=False)
    client_key = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    stage_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    due_estimated = models.BooleanField(default=False, db_default=False)
    answer_due_at = models.DateTimeField(null=True)
    finish_due_at = models.DateTimeField(null=True)
    first_answer_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    wanted_at = models.DateTimeField(null=True)
    lead_unit = down("registry.Unit", null=True, db_index=False)
    lead_unit_code = models.CharField(max_length=24, db_collation="C", blank=True)
    taker_person = down("registry.Person", null=True, db_index=False)
    taker_team = down("registry.Team", null=True, db_index=False)
    result_text = models.TextField(blank=True, max_length=2000)
    minutes_served = models.PositiveIntegerField(null=True)
    stars = models.PositiveSmallIntegerField(null=True)
    """Stars of the one who ordered; silence stays null."""
    photo_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    last_move_key = models.CharField(max_length=64, blank=True)
    assigned_at = models.DateTimeField(null=True)
    """派发: when a unit or taker was first asked. Each counter says which moment it counts."""
    accepted_at = models.DateTimeField(null=True)
    """受理."""
    solved = models.BooleanField(null=True)
    """解决: what the outcome word, or the one who ordered, says; null: nobody has said."""
    outcome = models.CharField(max_length=40, blank=True, default="", db_default="")
    answers = models.JSONField(default=dict, db_default={})
    private_enc = models.BinaryField(null=True)
    """The answers to private questions, sealed."""
    origin_kind = models.CharField(max_length=16, blank=True, default="", db_default="")
    origin_id = models.UUIDField(null=True)
    found_by_code = models.CharField(max_length=24, db_collation="C", blank=True, default="", db_default="")
    head = down("registry.Person", null=True, db_index=False)
    """第一责任人 of the lead unit on the day it was assigned (row ZK-03)."""
    route_rule = models.PositiveIntegerField(null=True)
    """Number of the routing rule that chose the unit."""
    worked_by = models.UUIDField(null=True)
    """Who last handed in work: somebody else signs it off."""
    failed_checks = models.PositiveSmallIntegerField(default=0, db_default=0)
    review_at = models.DateTimeField(null=True)
    feedback_due_at = models.DateTimeField(null=True)
    next_act_at = models.DateTimeField(null=True)
    """The next instant the ladder of one of its clocks has something to do; null: nothing."""
    paused_since = models.DateTimeField(null=True)
    restricted = models.BooleanField(default=False, db_default=False)
    merged_into = down("self", null=True, db_index=False)
    reopened = models.PositiveSmallIntegerField(default=0, db_default=0)
    clock_edition = down("packs.Edition", null=True, db_index=False)
    """The edition whose calendar its clocks count on; null: the case's own."""
    clock_runs = models.JSONField(default=dict, db_default={})
    """How often each clock was started: code → number of the latest run."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code", "-id"], name="case_by_area"),
            models.Index(fields=["due_at", "id"], name="case_by_due", condition=Q(status="open")),
            models.Index(fields=["stage", "area_code"], name="case_open_stage", condition=Q(status="open")),
            models.Index(fields=["requester", "-id"], name="case_by_requester"),
            models.Index(
                fields=["taker_person", "-id"], name="case_by_taker", condition=Q(taker_person__isnull=False)
            ),
            models.Index(
                fields=["taker_team", "-id"], name="case_by_team", condition=Q(taker_team__isnull=False)
            ),
            models.Index(
                fields=["lead_unit_code", "-id"], name="case_by_unit", condition=~Q(lead_unit_code="")
            ),
            models.Index(fields=["opened_at"], name="case_by_opening"),
            models.Index(
                fields=["next_act_at"], name="case_by_next_act", condition=Q(next_act_at__isnull=False)
            ),
            models.Index(fields=["review_at", "id"], name="case_by_review", condition=Q(status="parked")),
            models.Index(
                fields=["feedback_due_at", "id"],
                name="case_by_feedback",
                condition=Q(feedback_due_at__isnull=False),
            ),
            models.Index(
                fields=["merged_into"], name="case_by_merge", condition=Q(merged_into__isnull=False)
            ),
            models.Index(fields=["origin_id"], name="case_by_origin", condition=Q(origin_id__isnull=False)),
            models.Index(
                fields=["found_by_code", "-id"], name="case_by_finder", condition=~Q(found_by_code="")
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["opened_by", "client_key"], nulls_distinct=False, name="case_once_per_key"
            ),
            models.CheckConstraint(
                name="case_status",
                condition=Q(status__in=["open", "parked", "closed", "cancelled", "merged"]),
            ),
            models.CheckConstraint(
                name="case_closed_has_time",
                condition=Q(status__in=ENDED, closed_at__isnull=False)
                | (~Q(status__in=ENDED) & Q(closed_at=None)),
            ),
            models.CheckConstraint(
                name="case_merged_pair",
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into=None)),
            ),
            models.CheckConstraint(name="case_not_into_itself", condition=~Q(merged_into=F("id"))),
            models.CheckConstraint(
                name="case_parked_has_review", condition=~Q(status="parked") | Q(review_at__isnull=False)
            ),
            models.CheckConstraint(
                name="case_one_taker", condition=Q(taker_person=None) | Q(taker_team=None)
            ),
            models.CheckConstraint(
                name="case_lead_pair",
                condition=Q(lead_unit=None, lead_unit_code="")
                | (Q(lead_unit__isnull=False) & ~Q(lead_unit_code="")),
            ),
            models.CheckConstraint(
                name="case_stars", condition=Q(stars=None) | Q(stars__range=(1, 5), status="closed")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Assignment(models.Model):
    """One link of the chain: who was asked or assigned, and what they said."""

    id = models.UUIDField(primary_key=True, editable=False)
    case = down("cases.Case")
    kind = models.CharField(max_length=8)
    person = down("registry.Person", null=True)
    team = down("registry.Team", null=True)
    unit = down("registry.Unit", null=True)
    state = models.CharField(max_length=12)
    offered_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    offered_by = models.UUIDField(null=True)
    unit_code = models.CharField(max_length=24, db_collation="C", blank=True, default="", db_default="")
    is_part = models.BooleanField(default=False, db_default=False)
    """A part of a further unit (协办); the lead's own assignment (主办) is none."""
    accept_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=2000, blank=True, default="", db_default="")
    head = down("registry.Person", null=True, db_index=False)
    """第一责任人 of the unit on the day it was assigned (row ZK-03)."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["lease_until"], name="offer_by_lease", condition=Q(state="offered")),
            models.Index(
                fields=["person", "state"], name="offer_by_person", condition=Q(person__isnull=False)
            ),
            models.Index(fields=["team", "state"], name="offer_by_team", condition=Q(team__isnull=False)),
            models.Index(
                fields=["person", "offered_at"], name="load_of_person", condition=Q(person__isnull=False)
            ),
            models.Index(fields=["team", "offered_at"], name="load_of_team", condition=Q(team__isnull=False)),
            models.Index(fields=["case", "offered_at"], name="offer_by_case"),
            models.Index(
                fields=["unit_code", "due_at"],
                name="part_by_unit",
                condition=Q(is_part=True, state__in=["offered", "accepted"]),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="accepted", is_part=False), name="one_accepted_per_case"
            ),
            models.UniqueConstraint(
                fields=["case", "unit"],
                condition=Q(is_part=True, state__in=["offered", "accepted"]),
                name="one_standing_part_a_unit",
            ),
            models.CheckConstraint(name="part_is_a_units", condition=Q(is_part=False) | Q(kind="unit")),
            models.UniqueConstraint(
                fields=["case", "person"],
                condition=Q(person__isnull=False, state="offered"),
                name="one_offer_a_person",
            ),
            models.UniqueConstraint(
                fields=["case", "team"],
                condition=Q(team__isnull=False, state="offered"),
                name="one_offer_a_team",
            ),
            models.CheckConstraint(
                name="assignment_one_taker",
                condition=Q(kind="person", person__isnull=False, team=None, unit=None)
                | Q(kind="team", person=None, team__isnull=False, unit=None)
                | Q(kind="unit", person=None, team=None, unit__isnull=False),
            ),
            models.CheckConstraint(
                name="assignment_answer_pair",
                condition=Q(state="offered", answered_at=None)
                | (~Q(state="offered") & Q(answered_at__isnull=False)),
            ),
        ]

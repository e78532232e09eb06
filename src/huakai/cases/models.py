"""Tables of the case engine: the case, its assignments (separate states), notes and ratings."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q


def _down(to: str, **options: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name="+", **options)


class Case(models.Model):
    """One thing that travels a loop. `number` is what people read out on the telephone."""

    id = models.UUIDField(primary_key=True, editable=False)
    number = models.BigIntegerField(unique=True)
    edition = _down("packs.Edition")
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
    urgent = models.BooleanField(default=False)
    area = _down("registry.Unit")
    area_code = models.CharField(max_length=24, db_collation="C")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    address_enc = models.BinaryField(null=True)
    requester = _down("registry.Person")
    served_for = models.CharField(max_length=12, default="self")
    opened_by = _down("registry.Person", null=True)
    client_key = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    stage_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    due_estimated = models.BooleanField(default=False)
    answer_due_at = models.DateTimeField(null=True)
    finish_due_at = models.DateTimeField(null=True)
    first_answer_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    wanted_at = models.DateTimeField(null=True)
    lead_unit = _down("registry.Unit", null=True)
    lead_unit_code = models.CharField(max_length=24, db_collation="C", blank=True)
    taker_person = _down("registry.Person", null=True)
    taker_team = _down("registry.Team", null=True)
    result_text = models.TextField(blank=True, max_length=2000)
    minutes_served = models.PositiveIntegerField(null=True)
    stars = models.PositiveSmallIntegerField(null=True)
    """Stars of the one who ordered; silence stays null."""
    photo_count = models.PositiveSmallIntegerField(default=0)
    last_move_key = models.CharField(max_length=64, blank=True)

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
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["opened_by", "client_key"], nulls_distinct=False, name="case_once_per_key"
            ),
            models.CheckConstraint(
                name="case_status", condition=Q(status__in=["open", "closed", "cancelled"])
            ),
            models.CheckConstraint(
                name="case_closed_has_time",
                condition=Q(status="open", closed_at=None) | (~Q(status="open") & Q(closed_at__isnull=False)),
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
    case = _down("cases.Case")
    kind = models.CharField(max_length=8)
    person = _down("registry.Person", null=True)
    team = _down("registry.Team", null=True)
    unit = _down("registry.Unit", null=True)
    state = models.CharField(max_length=12)
    offered_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    offered_by = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["lease_until"], name="offer_by_lease", condition=Q(state="offered")),
            models.Index(
                fields=["person", "state"], name="offer_by_person", condition=Q(person__isnull=False)
            ),
            models.Index(fields=["team", "state"], name="offer_by_team", condition=Q(team__isnull=False)),
            models.Index(fields=["case", "offered_at"], name="offer_by_case"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="accepted"), name="one_accepted_per_case"
            ),
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


class Note(models.Model):
    """Words handed in with a move (reason, result, progress); apart from the record, so they can be withheld."""

    id = models.UUIDField(primary_key=True, editable=False)
    case = _down("cases.Case")
    move = models.CharField(max_length=40)
    text = models.TextField(max_length=2000)
    author = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "at"], name="note_by_case")]


class Rating(models.Model):
    """One rater's stars; several roles may rate (PC-02), each once."""

    id = models.UUIDField(primary_key=True, editable=False)
    case = _down("cases.Case")
    rater = _down("registry.Person")
    rater_role = models.CharField(max_length=12)
    stars = models.PositiveSmallIntegerField()
    comment = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "rater_role", "rater"], name="rating_once_per_rater"),
            models.CheckConstraint(name="rating_stars", condition=Q(stars__range=(1, 5))),
        ]


class CaseWords(models.Model):
    """By which lexemes a case is found; apart from the case, so that the row everybody reads stays small."""

    case: models.OneToOneField[Any, Any] = models.OneToOneField(
        "cases.Case", on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    words = SearchVectorField()

    class Meta:
        # kB: every search reads the pending list from end to end, without one a case is written five times slower
        indexes: ClassVar = [GinIndex(fields=["words"], name="case_by_words", gin_pending_list_limit=256)]

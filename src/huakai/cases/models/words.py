"""What people write on a case: notes, ratings, call-backs, consultations."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from huakai.cases.models.keys import down


class Note(models.Model):
    """Words handed in with a move (reason, result, progress); apart from the record, so they can be withheld."""

    id = models.UUIDField(primary_key=True, editable=False)
    case = down("cases.Case")
    move = models.CharField(max_length=40)
    text = models.TextField(max_length=2000)
    author = models.UUIDField(null=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=8, default="move", db_default="move")
    """move: handed in with a move; internal: among staff only; public: also for the one who ordered."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "at"], name="note_by_case")]


class Rating(models.Model):
    """One rater's stars; several roles may rate (PC-02), each once."""

    id = models.UUIDField(primary_key=True, editable=False)
    case = down("cases.Case")
    rater = down("registry.Person")
    rater_role = models.CharField(max_length=12)
    stars = models.PositiveSmallIntegerField()
    comment = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    response_stars = models.PositiveSmallIntegerField(null=True)
    """响应: how fast somebody answered; apart from whether it is solved and how they behaved."""
    attitude_stars = models.PositiveSmallIntegerField(null=True)
    solved = models.CharField(max_length=8, blank=True, default="", db_default="")
    """解决: yes, partly, no; empty: not asked or not said."""
    round = models.PositiveSmallIntegerField(default=0, db_default=0)
    """How often the case had been opened again: whoever was unhappy rates the second end apart."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "rater_role", "rater", "round"], name="rating_once_per_rater"
            ),
            models.CheckConstraint(name="rating_stars", condition=Q(stars__range=(1, 5))),
            models.CheckConstraint(
                name="rating_aspects",
                condition=(Q(response_stars=None) | Q(response_stars__range=(1, 5)))
                & (Q(attitude_stars=None) | Q(attitude_stars__range=(1, 5)))
                & Q(solved__in=["", "yes", "partly", "no"]),
            ),
        ]


class CallBack(models.Model):
    """One closed case drawn for a telephone call: reached or not, and what was said. Unreachable is not satisfied."""

    id = models.UUIDField(primary_key=True, editable=False)
    case = down("cases.Case")
    drawn_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="waiting")
    solved = models.CharField(max_length=8, blank=True, default="", db_default="")
    stars = models.PositiveSmallIntegerField(null=True)
    words = models.CharField(max_length=500, blank=True, default="", db_default="")
    called_by = models.UUIDField(null=True)
    called_at = models.DateTimeField(null=True)
    area_code = models.CharField(max_length=24, db_collation="C")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="call_back_waiting", condition=Q(state="waiting"))
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "drawn_at"], name="call_back_once"),
            models.CheckConstraint(
                name="call_back_said",
                condition=Q(state="waiting", called_at=None, stars=None, solved="")
                | Q(state="unreachable", called_at__isnull=False, stars=None, solved="")
                | Q(state="reached", called_at__isnull=False, solved__in=["yes", "partly", "no"]),
            ),
        ]


class Consultation(models.Model):
    """会商: which units sat together about a case, when, and what they decided (row TZ-02). Never changed."""

    id = models.UUIDField(primary_key=True, editable=False)
    case = down("cases.Case")
    held_on = models.DateField()
    unit_codes = models.JSONField()
    decision = models.TextField(max_length=2000)
    written_by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "at"], name="consultation_by_case")]


class Quantity(models.Model):
    """So much of something on a case; one line a code, the measure word stands in the pack (row HY-02)."""

    id = models.UUIDField(primary_key=True, editable=False)
    case = down("cases.Case")
    code = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    mark = models.CharField(max_length=4, blank=True, default="", db_default="")
    measure = models.CharField(max_length=12)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "code"], name="quantity_once_per_code"),
            models.CheckConstraint(name="quantity_positive", condition=Q(amount__gt=0)),
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

"""Tables of the boards: issues, reported values, decisions of people. Guards stand in 0002_evaluation_guards.sql."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from huakai.evaluation.types import WHOLE_LIST, Absence, IssueState, Ruling

WHOLE_LIST_CODES = sorted(ruling.value for ruling in WHOLE_LIST)


def _down(to: str, **options: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name="+", **options)


def _person() -> models.ForeignKey[Any, Any]:
    return _down("registry.Person", null=True, blank=True, db_index=False)


def _stamped(*states: IssueState, at: str) -> Q:
    """In these states the stamp is there, in the others it is not."""
    inside = [state.value for state in states]
    return Q(state__in=inside, **{f"{at}__isnull": False}) | ~Q(state__in=inside) & Q(
        **{f"{at}__isnull": True}
    )


class Issue(models.Model):
    """One issue of a board: collecting, frozen (computed), approved by a second person, published for good."""

    id = models.UUIDField(primary_key=True, editable=False)
    board = models.CharField(max_length=40, db_collation="C")
    edition = _down("packs.Edition")
    area_code = models.CharField(max_length=24, db_collation="C")
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    period = models.CharField(max_length=40)
    starts_on = models.DateField()
    ends_on = models.DateField()
    source_line = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in IssueState])
    opened_by = _person()
    opened_at = models.DateTimeField()
    frozen_by = _person()
    frozen_at = models.DateTimeField(null=True, blank=True)
    approved_by = _person()
    approved_at = models.DateTimeField(null=True, blank=True)
    published_by = _person()
    published_at = models.DateTimeField(null=True, blank=True)
    content = models.JSONField(null=True, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "-opened_at"], name="issue_by_area")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area_code", "board", "period", "starts_on"], name="issue_once"),
            models.CheckConstraint(name="issue_period", condition=Q(ends_on__gt=F("starts_on"))),
            models.CheckConstraint(name="issue_state", condition=Q(state__in=[s.value for s in IssueState])),
            models.CheckConstraint(
                name="issue_second_person",
                condition=Q(approved_by=None) | Q(frozen_by=None) | ~Q(approved_by=F("frozen_by")),
            ),
            models.CheckConstraint(
                name="issue_frozen_stamp",
                condition=_stamped(
                    IssueState.FROZEN, IssueState.APPROVED, IssueState.PUBLISHED, at="frozen_at"
                ),
            ),
            models.CheckConstraint(
                name="issue_approved_stamp",
                condition=_stamped(IssueState.APPROVED, IssueState.PUBLISHED, at="approved_at"),
            ),
            models.CheckConstraint(
                name="issue_published_stamp", condition=_stamped(IssueState.PUBLISHED, at="published_at")
            ),
            models.CheckConstraint(
                name="issue_content_when_frozen",
                condition=_stamped(
                    IssueState.FROZEN, IssueState.APPROVED, IssueState.PUBLISHED, at="content"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.board} {self.period}"


class Value(models.Model):
    """One reported cell of an issue: a value, or the reason why there is none."""

    id = models.UUIDField(primary_key=True, editable=False)
    issue = _down("evaluation.Issue")
    part = models.CharField(max_length=81, db_collation="C")
    component = models.CharField(max_length=40, blank=True, db_collation="C")
    unit = _down("registry.Unit")
    value = models.DecimalField(max_digits=28, decimal_places=10, null=True, blank=True)
    absence = models.CharField(max_length=16, blank=True, choices=[(a.value, a.value) for a in Absence])
    source_file = models.CharField(max_length=200, blank=True)
    source_sheet = models.CharField(max_length=80, blank=True)
    source_line = models.PositiveIntegerField(null=True, blank=True)
    submitted_by = _person()
    submitted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issue", "part", "component", "unit"], name="value_once"),
            models.CheckConstraint(
                name="value_or_absence",
                condition=Q(value__isnull=False, absence="")
                | Q(value__isnull=True, absence__in=[a.value for a in Absence]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.component} {self.unit_id}"


class Decision(models.Model):
    """What a person decided about a part of an issue, with the reason."""

    id = models.UUIDField(primary_key=True, editable=False)
    issue = _down("evaluation.Issue")
    part = models.CharField(max_length=81, db_collation="C")
    ruling = models.CharField(max_length=12, choices=[(r.value, r.value) for r in Ruling])
    unit = _down("registry.Unit", null=True, blank=True)
    reason = models.CharField(max_length=200)
    decided_by = _person()
    decided_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["issue", "part", "ruling", "unit"], name="decision_once", nulls_distinct=False
            ),
            models.CheckConstraint(name="decision_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="decision_unit",
                condition=Q(ruling__in=WHOLE_LIST_CODES, unit__isnull=True)
                | ~Q(ruling__in=WHOLE_LIST_CODES) & Q(unit__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.ruling}"

"""The ledger of clock events, what the ladder did, and requests to pause or extend."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huakai.cases.models.keys import down


class ClockEvent(models.Model):
    """One line of the ledger of a case's clocks; appended, never changed. Deadlines are a function of these lines."""

    id = models.BigAutoField(primary_key=True)
    case = down("cases.Case", db_index=False)
    clock = models.CharField(max_length=40)
    act = models.CharField(max_length=8)
    """start, pause, resume, extend, transfer, stop."""
    run = models.PositiveSmallIntegerField(default=1)
    """Numbers the runs of a clock that was started again: repeating feedback, hand-over, the same stage once more."""
    at = models.DateTimeField()
    amount = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    unit = models.CharField(max_length=16, blank=True, default="")
    calendar = down("packs.Edition", null=True, db_index=False)
    """The edition whose calendar counts this run."""
    due_at = models.DateTimeField(null=True)
    """The deadline this line led to, for reading; the ledger itself decides."""
    reason = models.CharField(max_length=300, blank=True, default="")
    by = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "id"], name="clock_event_by_case")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="clock_event_act",
                condition=Q(act__in=["start", "extend"], amount__gt=0)
                | Q(act__in=["pause", "resume", "stop"], amount=None),
            )
        ]


class Escalation(models.Model):
    """One rung of the ladder, taken: exactly once a run of a clock, by constraint."""

    id = models.BigAutoField(primary_key=True)
    case = down("cases.Case", db_index=False)
    clock = models.CharField(max_length=40)
    run = models.PositiveSmallIntegerField()
    rung = models.CharField(max_length=40)
    act = models.CharField(max_length=16)
    to = models.CharField(max_length=16)
    unit_code = models.CharField(max_length=24, db_collation="C")
    """The unit it is addressed to: the holder's, or the area's for dispatcher and supervisor."""
    due_at = models.DateTimeField()
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["unit_code", "-id"], name="escalation_unseen", condition=Q(seen_at=None))
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "clock", "run", "rung"], name="escalation_once")
        ]


class ClockRequest(models.Model):
    """Somebody asks to pause the clocks or to move a deadline; another decides."""

    id = models.UUIDField(primary_key=True, editable=False)
    case = down("cases.Case")
    kind = models.CharField(max_length=8)
    """pause or extend."""
    amount = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    unit = models.CharField(max_length=16, blank=True, default="")
    reason = models.CharField(max_length=300)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="asked")
    """asked, allowed, refused, over."""
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=300, blank=True, default="")
    over_at = models.DateTimeField(null=True)
    """When an allowed pause ended."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(state="asked"), name="one_open_request_a_kind"
            ),
            models.CheckConstraint(
                name="clock_request_decided",
                condition=Q(state="asked", decided_at=None)
                | (~Q(state="asked") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="clock_request_not_by_oneself",
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("asked_by")),
            ),
        ]

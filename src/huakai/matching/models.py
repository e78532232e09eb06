"""Tables of matching: proposals, kept round by round so that a choice can be explained later."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Round(models.Model):
    """One run of the ranking for a case."""

    id = models.BigAutoField(primary_key=True)  # counts up, so the latest round is the highest
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=40)
    """The event that asked for it, with its place in the record: the same event never makes two rounds."""
    nobody = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "-id"], name="round_by_case")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "cause"], name="round_once_per_cause")
        ]


class Proposal(models.Model):
    """One ranked taker of a round."""

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey("matching.Round", on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+", null=True)
    team = models.ForeignKey("registry.Team", on_delete=models.PROTECT, related_name="+", null=True)
    cost = models.IntegerField()
    distance_m = models.PositiveIntegerField(null=True)
    reasons = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "rank"], name="proposal_rank_once"),
            models.CheckConstraint(
                name="proposal_one_taker",
                condition=Q(person__isnull=False, team=None) | Q(person=None, team__isnull=False),
            ),
        ]

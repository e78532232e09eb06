"""What stands beside a case without moving it: supervision, links, followers, groups, visits, filters."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huakai.cases.models.keys import down


class Supervision(models.Model):
    """督办 order or 追责问责 item: a list beside the case; 办结 remains to be done (row ZK-01)."""

    id = models.UUIDField(primary_key=True, editable=False)
    case = down("cases.Case")
    kind = models.CharField(max_length=10)
    """supervise or account."""
    state = models.CharField(max_length=10)
    """supervise: open, answered, lifted. account: proposed, decided, dismissed, appealed, final."""
    unit = down("registry.Unit")
    unit_code = models.CharField(max_length=24, db_collation="C")
    area_code = models.CharField(max_length=24, db_collation="C")
    reason = models.CharField(max_length=500)
    due_at = models.DateTimeField(null=True)
    ordered_by = models.UUIDField(null=True)
    """Null: the platform, by the flow's ladder."""
    ordered_at = models.DateTimeField()
    answer = models.CharField(max_length=2000, blank=True, default="")
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=1000, blank=True, default="")
    document = models.CharField(max_length=120, blank=True, default="")
    """Number of the document a decision rests on."""
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    appeal = models.CharField(max_length=1000, blank=True, default="")
    appealed_at = models.DateTimeField(null=True)
    appeal_decision = models.CharField(max_length=1000, blank=True, default="")
    appeal_decided_by = models.UUIDField(null=True)
    appeal_decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "state", "unit_code"], name="supervision_by_unit"),
            models.Index(fields=["kind", "area_code", "-id"], name="supervision_by_area"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "kind", "unit"],
                condition=Q(state__in=["open", "answered", "proposed"]),
                name="one_standing_supervision",
            ),
            models.CheckConstraint(
                name="supervision_states",
                condition=Q(kind="supervise", state__in=["open", "answered", "lifted"])
                | Q(kind="account", state__in=["proposed", "decided", "dismissed", "appealed", "final"]),
            ),
            models.CheckConstraint(
                name="supervision_decided_by_a_person",
                condition=Q(state__in=["open", "answered", "proposed"]) | Q(decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="supervision_appeal_by_another",
                condition=Q(appeal_decided_by=None) | ~Q(appeal_decided_by=F("decided_by")),
            ),
        ]


class CaseLink(models.Model):
    """A merge or a split: which case went into or came out of which; undone, not deleted."""

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=8)
    """merge: `source` went into `target`; split: `source` came out of `target`."""
    source = down("cases.Case")
    target = down("cases.Case")
    reason = models.CharField(max_length=300, blank=True, default="")
    stood = models.CharField(max_length=40, blank=True, default="")
    """The stage the merged case stood at, for the way back."""
    by = models.UUIDField(null=True)
    at = models.DateTimeField()
    undone_by = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(kind="merge", undone_at=None), name="merged_once"
            ),
            models.CheckConstraint(name="link_two_cases", condition=~Q(source=F("target"))),
            models.CheckConstraint(name="link_kind", condition=Q(kind__in=["merge", "split"])),
        ]


class Follower(models.Model):
    """Somebody who is told how a case goes: “我也遇到”, or whose own case was merged into it."""

    id = models.UUIDField(primary_key=True, editable=False)
    case = down("cases.Case")
    person = down("registry.Person")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "person"], name="follower_once")]


class CaseGroup(models.Model):
    """Several cases taken together: a request for one activity (row HL-16), or a campaign (重点难点, row SZ-34)."""

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=12)
    """activity or campaign."""
    title = models.CharField(max_length=80)
    plan = models.TextField(max_length=2000, blank=True)
    area_code = models.CharField(max_length=24, db_collation="C")
    pack_code = models.CharField(max_length=40)
    state = models.CharField(max_length=10, default="open")
    """open, answered."""
    answer = models.TextField(max_length=2000, blank=True)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="group_answered",
                condition=Q(state="open", answered_at=None) | Q(state="answered", answered_at__isnull=False),
            )
        ]


class GroupMember(models.Model):
    """A case in a group."""

    id = models.UUIDField(primary_key=True, editable=False)
    group = down("cases.CaseGroup")
    case = down("cases.Case")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["group", "case"], name="group_member_once")]


class Visit(models.Model):
    """A visit or patrol: who went where, on which day; its findings are cases that name it (rows JL-04, TJ-06)."""

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=40)
    visitor = down("registry.Person")
    area = down("registry.Unit")
    area_code = models.CharField(max_length=24, db_collation="C")
    unit_code = models.CharField(max_length=24, db_collation="C", blank=True)
    """The unit the visitor went for."""
    visited_on = models.DateField()
    words = models.TextField(max_length=2000, blank=True)
    client_key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "-id"], name="visit_by_area")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visitor", "client_key"], name="visit_once_per_key")
        ]


class CasePhoto(models.Model):
    """Which photo shows the matter before and which after (拆违, 整改)."""

    id = models.BigAutoField(primary_key=True)
    case = down("cases.Case")
    photo = models.UUIDField(unique=True)
    moment = models.CharField(max_length=8)
    """before, after, paper."""
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="photo_moment", condition=Q(moment__in=["before", "after", "paper"]))
        ]


class SavedFilter(models.Model):
    """A filter of the inbox under a name; shared with everybody of a unit when it has one. The filter is an address."""

    id = models.UUIDField(primary_key=True, editable=False)
    owner = down("registry.Person")
    title = models.CharField(max_length=40)
    query = models.CharField(max_length=400)
    shared_with = models.CharField(max_length=24, db_collation="C", blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["shared_with"], name="filter_shared")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "title"], name="filter_title_once")]

"""Screens: who may show what on a wall. Peers: who is told of events, and the letters that tell them."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from huakai.publishing.types import LetterState


def _person() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        "registry.Person", on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )


class Screen(models.Model):
    """A wall somewhere, bound to a token (only its hash is kept); read-only, no session, no personal data."""

    id = models.UUIDField(primary_key=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=[("board", "board"), ("live", "live")])
    wall = models.CharField(max_length=40, db_collation="C")
    pack_code = models.CharField(max_length=40, db_collation="C")
    area_code = models.CharField(max_length=24, db_collation="C")
    created_by = _person()
    created_at = models.DateTimeField()
    revoked_by = _person()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "-created_at"], name="screen_by_area")]
        constraints: ClassVar = [
            models.CheckConstraint(name="screen_kind", condition=Q(kind__in=["board", "live"])),
            models.CheckConstraint(
                name="screen_token_hash", condition=Q(("token_hash__regex", r"^[0-9a-f]{64}$"))
            ),
            models.CheckConstraint(
                name="screen_revoked_after", condition=Q(revoked_at=None) | Q(revoked_at__gte=F("created_at"))
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Peer(models.Model):
    """Another system that wants to hear of events of an area; `seen_seq` is how far it has followed the record."""

    id = models.UUIDField(primary_key=True, editable=False)
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=300)
    secret_enc = models.BinaryField()
    old_secret_enc = models.BinaryField(null=True)
    """Signs beside the new one until `old_until`, so that the peer can change over."""
    old_until = models.DateTimeField(null=True)
    events = ArrayField(models.CharField(max_length=60, db_collation="C"))
    area_code = models.CharField(max_length=24, db_collation="C")
    pack_code = models.CharField(max_length=40, db_collation="C")
    active = models.BooleanField(default=True)
    paused_reason = models.CharField(max_length=120, blank=True)
    seen_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField(default=0)
    """Seq of the newest letter to this peer."""
    created_by = _person()
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "-created_at"], name="peer_by_area")]
        constraints: ClassVar = [
            models.CheckConstraint(name="peer_wants_something", condition=~Q(events=[])),
            models.CheckConstraint(name="peer_url_is_web", condition=Q(url__regex=r"^https?://[!-~]+$")),
            models.CheckConstraint(
                name="peer_paused_for_a_reason",
                condition=Q(active=True, paused_reason="") | (Q(active=False) & ~Q(paused_reason="")),
            ),
            models.CheckConstraint(
                name="peer_old_secret_ends",
                condition=Q(old_secret_enc=None, old_until=None)
                | Q(old_secret_enc__isnull=False, old_until__isnull=False),
            ),
            models.CheckConstraint(name="peer_counts_up", condition=Q(seen_seq__gte=0, last_seq__gte=0)),
        ]

    def __str__(self) -> str:
        return self.name


class Letter(models.Model):
    """One event written down for one peer; `seq` is the order it goes out in. Without an event it tries the line."""

    id = models.UUIDField(primary_key=True, editable=False)
    peer = models.ForeignKey("publishing.Peer", on_delete=models.PROTECT, related_name="+", db_index=False)
    seq = models.BigIntegerField()
    event = models.ForeignKey(
        "audit.AuditEvent", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    event_name = models.CharField(max_length=60, db_collation="C")
    subject_id = models.CharField(max_length=80, blank=True, db_collation="C")
    payload = models.JSONField()
    state = models.CharField(max_length=8, default=LetterState.WAITING, db_collation="C")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True)
    trouble = models.CharField(max_length=16, blank=True, db_collation="C")
    """Why the last try failed: a word of ours, never a word of the answer."""
    skip_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["peer", "seq"],
                name="letter_standing",
                condition=Q(state__in=[LetterState.WAITING, LetterState.FAILED]),
            ),
            models.Index(fields=["peer", "-seq"], name="letter_dead", condition=Q(state=LetterState.DEAD)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["peer", "seq"], name="letter_in_order"),
            models.UniqueConstraint(fields=["peer", "event"], name="letter_once_per_event"),
            models.CheckConstraint(
                name="letter_state", condition=Q(state__in=[state.value for state in LetterState])
            ),
            models.CheckConstraint(
                name="letter_standing_has_a_time",
                condition=Q(state__in=[LetterState.WAITING, LetterState.FAILED], next_try_at__isnull=False)
                | (~Q(state__in=[LetterState.WAITING, LetterState.FAILED]) & Q(next_try_at=None)),
            ),
            models.CheckConstraint(
                name="letter_sent_has_a_time",
                condition=Q(state=LetterState.SENT, sent_at__isnull=False)
                | (~Q(state=LetterState.SENT) & Q(sent_at=None)),
            ),
            models.CheckConstraint(
                name="letter_skipped_for_a_reason",
                condition=(Q(state=LetterState.SKIPPED) & ~Q(skip_reason=""))
                | (~Q(state=LetterState.SKIPPED) & Q(skip_reason="")),
            ),
            models.CheckConstraint(
                name="letter_tried",
                condition=~Q(state__in=[LetterState.FAILED, LetterState.DEAD]) | Q(tries__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.event_name}"

"""The record's tables: events (append-only, chained per subject), heads, deliveries. Guarded by triggers."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class AuditEvent(models.Model):
    """One thing that happened; the trigger `audit_chain` fills subject_seq, prev_hash and hash."""

    seq = models.BigAutoField(primary_key=True)
    subject_kind = models.CharField(max_length=40, db_collation="C")
    subject_id = models.CharField(max_length=80, db_collation="C")
    subject_seq = models.BigIntegerField(editable=False, db_default=0)
    name = models.CharField(max_length=60, db_collation="C")
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    before = models.JSONField(encoder=DjangoJSONEncoder)
    after = models.JSONField(encoder=DjangoJSONEncoder)
    edition_id = models.UUIDField(null=True)
    area_code = models.CharField(max_length=24, blank=True, db_collation="C")
    request_id = models.CharField(max_length=64, blank=True)
    due = ArrayField(models.CharField(max_length=80), default=list)
    """Keys of the handlers that were listening when it happened: what the event owes."""
    prev_hash = models.BinaryField(editable=False, db_default=b"")
    hash = models.BinaryField(editable=False, db_default=b"")

    class Meta:
        db_table = "audit_event"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "subject_seq"], name="audit_event_chain"
            ),
            models.CheckConstraint(
                name="audit_event_name", condition=Q(name__regex=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$")
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["actor_id", "seq"], name="audit_event_actor", condition=Q(actor_id__isnull=False)
            ),
            models.Index(fields=["name", "seq"], name="audit_event_by_name"),
            models.Index(fields=["seq"], name="audit_event_owing", condition=~Q(due=[])),
            BrinIndex(fields=["at"], name="audit_event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.name}"


class AuditHead(models.Model):
    """Where a subject's chain ends; the row lock that puts a subject's events in order."""

    pk = models.CompositePrimaryKey("subject_kind", "subject_id")
    subject_kind = models.CharField(max_length=40, db_collation="C")
    subject_id = models.CharField(max_length=80, db_collation="C")
    last_seq = models.BigIntegerField()
    last_hash = models.BinaryField()

    class Meta:
        db_table = "audit_head"

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} {self.last_seq}"


class Delivery(models.Model):
    """A handler has done its work for an event; written in the handler's own transaction."""

    event = models.ForeignKey("audit.AuditEvent", on_delete=models.PROTECT, related_name="+", db_index=False)
    handler = models.CharField(max_length=80, db_collation="C")
    done_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "audit_delivery"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "handler"], name="audit_delivery_once")
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.handler}"

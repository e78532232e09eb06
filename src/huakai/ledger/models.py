"""Tables of the ledger. Postings and legs are never changed or deleted; legs of a posting sum to zero per kind."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Book(models.Model):
    """One account: a kind of thing counted, and its owner."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12)
    owner_kind = models.CharField(max_length=12)
    owner_id = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner_id", "owner_kind", "kind"], name="book_once"),
            models.CheckConstraint(name="book_kind", condition=Q(kind__in=["minutes", "points"])),
        ]

    def __str__(self) -> str:
        return f"{self.owner_kind} {self.kind}"


class Posting(models.Model):
    """One transaction. A subject is credited once per kind of posting, by constraint."""

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=24)
    subject_id = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    edition = models.ForeignKey("packs.Edition", on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=24, db_collation="C")
    posted_by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "kind"], name="posting_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Leg(models.Model):
    """One side of a posting: a signed whole amount on one book."""

    id = models.BigAutoField(primary_key=True)
    posting = models.ForeignKey("ledger.Posting", on_delete=models.PROTECT, related_name="+")
    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="leg_not_zero", condition=~Q(amount=0)),
            models.UniqueConstraint(fields=["posting", "book"], name="leg_once_per_book"),
        ]

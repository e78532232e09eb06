"""Published editions: never changed, never deleted (trigger)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Edition(models.Model):
    """One published state of a pack: the effective files, parsed, with a number and a hash."""

    id = models.UUIDField(primary_key=True, editable=False)
    pack_code = models.CharField(max_length=40, db_collation="C")
    number = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)
    content = models.JSONField()
    """{"cases/demand.yaml": {…}, …}: the place's files over the base's."""
    base_number = models.PositiveIntegerField(null=True)
    root_code = models.CharField(max_length=24, blank=True, db_collation="C")
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pack_code", "number"], name="edition_number"),
            models.CheckConstraint(name="edition_hash", condition=Q(hash__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="edition_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.pack_code} {self.number}"

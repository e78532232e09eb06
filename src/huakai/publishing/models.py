"""Screens: who may show what on a wall. Only the hash of a screen's token is kept."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q


def _person() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        "registry.Person", on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )


class Screen(models.Model):
    """A wall somewhere, bound to a token; read-only, without a session, without personal data."""

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

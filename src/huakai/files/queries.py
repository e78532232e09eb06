"""Reads of photos, and the question who may see one."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from django.conf import settings

from huakai.files.models import Photo
from huakai.files.types import PhotoCard
from huakai.registry.types import Actor

MaySee = Callable[[Actor, str], bool]
OWNERS: dict[str, MaySee] = {}
"""subject kind → the owning engine's predicate; filled through `services.register_owner`."""


def path_of(name: str) -> Path:
    """Where the bytes lie."""
    return Path(settings.FILES_ROOT) / "photos" / name[:2] / f"{name}.jpg"


def photo_ids(subject_kind: str, subject_id: str) -> tuple[UUID, ...]:
    """Photos of a subject, in order of adding."""
    rows = Photo.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("id")
    return tuple(rows.values_list("pk", flat=True))


def photo_for(actor: Actor, photo_id: UUID) -> PhotoCard | None:
    """The photo, when the engine that owns its subject says the actor may see it."""
    row = Photo.objects.filter(pk=photo_id).first()
    if row is None:
        return None
    may_see = OWNERS.get(row.subject_kind)
    if may_see is None or not may_see(actor, row.subject_id):
        return None
    return PhotoCard(
        id=row.pk,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        area_code=row.area_code,
        width=row.width,
        height=row.height,
        taken_at=row.taken_at,
        lon=row.lon,
        lat=row.lat,
        path=path_of(row.name),
        sha256=row.sha256,
    )

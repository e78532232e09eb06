"""Writes of photos."""

import hashlib
import os
import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction

from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.files import queries
from huakai.files.models import Photo
from huakai.files.services.pictures import harmless
from huakai.kernel.ids import new_id
from huakai.registry.types import Actor


def register_owner(kind: str, may_see: queries.MaySee) -> None:
    """The engine that owns subjects of this kind says who may see their photos."""
    queries.OWNERS[kind] = may_see


@transaction.atomic
def add_photo(
    *, content: bytes, subject_kind: str, subject_id: str, area_code: str, by: Actor, now: datetime
) -> UUID:
    """Store a photo of a subject. The caller has checked that the actor may add one."""
    picture = harmless(content)
    name = secrets.token_hex(16)
    photo = Photo.objects.create(
        id=new_id(now),
        name=name,
        subject_kind=subject_kind,
        subject_id=subject_id,
        area_code=area_code,
        owner_id=by.person_id,
        sha256=hashlib.sha256(picture.content).hexdigest(),
        width=picture.width,
        height=picture.height,
        size=len(picture.content),
        taken_at=picture.taken_at,
        lon=picture.lon,
        lat=picture.lat,
        added_at=now,
    )
    _write(name, picture.content)
    subject = Subject("photo", str(photo.pk))
    after = {"of": f"{subject_kind}:{subject_id}", "sha256": photo.sha256}
    audit.record(
        Fact(
            name="photo.added",
            subject=subject,
            at=now,
            actor_id=by.person_id,
            after=after,
            area_code=area_code,
            request_id=by.request_id,
        )
    )
    return photo.pk


def _write(name: str, content: bytes) -> None:
    """Bytes on the disk before the row commits, readable by the platform's user only."""
    path = queries.path_of(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())

"""Photos of a case."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from huakai.cases.models import Assignment, Case, CasePhoto
from huakai.cases.queries import facts
from huakai.cases.types import Status, Who
from huakai.files import services as files
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.registry.types import Actor

MAX_PHOTOS = 9


@transaction.atomic
def add_photo(*, case_id: UUID, content: bytes, by: Actor, now: datetime, moment: str = "") -> UUID:
    """Attach one photo (re-encoded, stripped) to a case the actor ordered, took, works on or dispatches.

    `moment` says what it shows: before, after, paper, or nothing said.
    """
    case = _locked(case_id)
    if not facts.facts_of(case, Assignment.objects.filter(case=case), by).who & MAY_ADD:
        raise NotAllowed("not_allowed", N_("这张单子与您无关，不能上传照片"))
    return _attached(case, content, moment, by, now)


def attach(*, case_id: UUID, content: bytes, moment: str, by: Actor, now: datetime) -> UUID:
    """A photo handed in with a move that was allowed and made: whoever gave their part back wears no hat any more."""
    return _attached(_locked(case_id), content, moment, by, now)


MAY_ADD = frozenset(
    {Who.REQUESTER, Who.OPENER, Who.TAKER, Who.HANDLER, Who.CO_HANDLER, Who.FINDER, Who.DISPATCHER}
)


def _locked(case_id: UUID) -> Case:
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise NotFound("case_unknown", N_("没有找到这张单子"))
    return case


def _attached(case: Case, content: bytes, moment: str, by: Actor, now: datetime) -> UUID:
    if case.photo_count >= MAX_PHOTOS or case.status == Status.CANCELLED:
        raise RuleBroken("too_many_photos", N_("最多上传{count}张照片"), field="photos", count=MAX_PHOTOS)
    photo = files.add_photo(
        content=content,
        subject_kind="case",
        subject_id=str(case.id),
        area_code=case.area_code,
        by=by,
        now=now,
    )
    if moment:
        CasePhoto.objects.create(case=case, photo=photo, moment=moment, at=now)
    Case.objects.filter(pk=case.pk).update(photo_count=F("photo_count") + 1)
    return photo

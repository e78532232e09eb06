"""Ordering and moving with everything a phone page hands in at once: photos, and the person who is helped."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from huakai.cases.models import Case
from huakai.cases.services import standing
from huakai.cases.services.moving import move_case
from huakai.cases.services.opening import open_case
from huakai.cases.services.photos import attach
from huakai.cases.types import CaseRef, Effect, Helped, MoveInput, NewOrder
from huakai.registry import services as registry
from huakai.registry.types import Actor


@transaction.atomic
def open_order(
    *, order: NewOrder, photos: Sequence[bytes] = (), helped: Helped | None = None, by: Actor, now: datetime
) -> CaseRef:
    """Open a case with its photos, for oneself or for a named person (an elder, a neighbour); all or nothing.

    A retry with the same client key returns the first case and adds no photo.
    """
    if helped is not None:
        person = registry.find_or_make_person(
            name=helped.name, phone=helped.phone, home_code=order.area_code, by=by, now=now
        )
        order = replace(order, requester_id=person)
    ref = open_case(order=order, by=by, now=now)
    if ref.created:
        _attach(ref.id, photos, "before", by, now)
    return ref


@transaction.atomic
def move_with_photos(
    *,
    case_id: UUID,
    move: str,
    given: MoveInput,
    photos: Sequence[bytes],
    by: Actor,
    now: datetime,
    client_key: str = "",
) -> CaseRef:
    """Make a move and attach the photos that prove it; all or nothing, once per client key."""
    given = replace(given, photos=len(photos))
    ref = move_case(case_id=case_id, move=move, given=given, by=by, now=now, client_key=client_key)
    if ref.created and photos:
        _attach(case_id, photos, _moment(case_id, move), by, now)
    return ref


SHOWS_RESULT = frozenset(
    {Effect.FINISH, Effect.REPORT, Effect.CHECK_OK, Effect.CHECK_FAIL, Effect.PART_DONE, Effect.FEEDBACK}
)


def _moment(case_id: UUID, move: str) -> str:
    """Photos of a finishing or reporting move show the matter after, all others before."""
    flow = standing.flow_of(Case.objects.only("edition_id", "flow").get(pk=case_id))
    effects = {each.effect for stage in flow.stages for each in stage.moves if each.code == move}
    return "after" if effects & SHOWS_RESULT else "before"


def _attach(case_id: UUID, photos: Sequence[bytes], moment: str, by: Actor, now: datetime) -> None:
    for content in photos:
        attach(case_id=case_id, content=content, moment=moment, by=by, now=now)

"""Ordering and moving with everything a phone page hands in at once: photos, and the person who is helped."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from huakai.cases.services.moving import move_case
from huakai.cases.services.opening import open_case
from huakai.cases.services.photos import add_photo
from huakai.cases.types import CaseRef, Helped, MoveInput, NewOrder
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
        _attach(ref.id, photos, by, now)
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
    if ref.created:
        _attach(case_id, photos, by, now)
    return ref


def _attach(case_id: UUID, photos: Sequence[bytes], by: Actor, now: datetime) -> None:
    for content in photos:
        add_photo(case_id=case_id, content=content, by=by, now=now)

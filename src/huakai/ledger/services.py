"""Writes of the ledger: one posting per deed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.kernel.ids import new_id
from huakai.ledger import events, rules
from huakai.ledger.definitions import Tariff
from huakai.ledger.models import Book, Leg, Posting
from huakai.ledger.types import Credit, Kind, Owner
from huakai.packs import queries as packs
from huakai.registry.types import Actor


@dataclass(frozen=True)
class Deed:
    """What is credited: the tariff item, the thing it is for, and where it happened."""

    tariff_item: str
    subject: Subject
    title: str
    edition_id: UUID
    area_code: str


@transaction.atomic
def post(*, deed: Deed, credits: Sequence[Credit], by: Actor, now: datetime) -> UUID | None:
    """Credit a deed by the tariff of its edition; returns the posting's id, None when nothing is worth anything.

    The same subject posted twice under one item raises IntegrityError (constraint posting_once): callers hold
    the subject's row lock, so this stands against bugs, not against users.
    """
    tariff = packs.edition(deed.edition_id).get("ledger", "tariff")
    assert isinstance(tariff, Tariff)
    legs = rules.legs_of(credits, tariff.item(deed.tariff_item))
    if not legs:
        return None
    posting = Posting.objects.create(
        id=new_id(now),
        kind=deed.tariff_item,
        subject_kind=deed.subject.kind,
        subject_id=deed.subject.id,
        title=deed.title[:120],
        edition_id=deed.edition_id,
        area_code=deed.area_code,
        posted_by=by.person_id,
        at=now,
    )
    books = _books(legs)
    Leg.objects.bulk_create(
        Leg(posting=posting, book_id=books[key], amount=amount) for key, amount in legs.items()
    )
    audit.record(
        Fact(
            name=events.POSTED,
            subject=Subject("posting", str(posting.id)),
            at=now,
            actor_id=by.person_id,
            edition_id=deed.edition_id,
            area_code=deed.area_code,
            request_id=by.request_id,
            after={"for": f"{deed.subject.kind}:{deed.subject.id}", "legs": len(legs)},
        )
    )
    return posting.id


def _books(keys: Iterable[tuple[Owner, Kind]]) -> dict[tuple[Owner, Kind], int]:
    """Ids of the accounts, made where missing; two sessions making one at once both get the same."""
    wanted = list(keys)
    Book.objects.bulk_create(
        (Book(kind=kind, owner_kind=owner.kind, owner_id=owner.id) for owner, kind in wanted),
        ignore_conflicts=True,
    )
    rows = Book.objects.filter(owner_id__in={owner.id for owner, _ in wanted})
    found = {(row.owner_kind, row.owner_id, row.kind): row.id for row in rows}
    return {(owner, kind): found[owner.kind, owner.id, kind] for owner, kind in wanted}

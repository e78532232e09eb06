"""The bank: double entry held by the database, credits by tariff, nothing twice, nothing changed."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from huakai.audit.types import Subject
from huakai.ledger import queries, services
from huakai.ledger.models import Book, Leg, Posting
from huakai.ledger.types import Credit, Kind, Owner, OwnerKind
from huakai.packs.types import EditionView
from huakai.registry.types import SYSTEM

ANNA = Owner(OwnerKind.PERSON, UUID(int=7))


def deed(view: EditionView, subject: str = "1") -> services.Deed:
    return services.Deed("service", Subject("case", subject), "修电扇", view.id, "370402002001")


def post(view: EditionView, now: datetime, minutes: int, subject: str = "1") -> UUID | None:
    credits = [Credit(ANNA, minutes)]
    return services.post(deed=deed(view, subject), credits=credits, by=SYSTEM, now=now)


def test_minutes_and_points_are_credited_and_the_books_stay_even(
    shizhong: EditionView, now: datetime
) -> None:
    post(shizhong, now, 90)
    post(shizhong, now, 30, "2")
    held = queries.balance(ANNA)
    assert (held.minutes, held.points) == (120, 20)
    assert sum(Leg.objects.values_list("amount", flat=True)) == 0
    assert [(e.kind, e.amount) for e in queries.entries(ANNA)][:2] == [("points", 5), ("minutes", 30)]
    assert queries.total_minutes("370402") == 120


def test_the_same_subject_is_never_credited_twice(shizhong: EditionView, now: datetime) -> None:
    post(shizhong, now, 90)
    with pytest.raises(IntegrityError, match="posting_once"), transaction.atomic():
        post(shizhong, now, 90)
    assert queries.balance(ANNA).minutes == 90


def test_nothing_worth_anything_posts_nothing(shizhong: EditionView, now: datetime) -> None:
    assert post(shizhong, now, 0) is None
    assert not Posting.objects.exists()


def _posting(view: EditionView, now: datetime) -> Posting:
    return Posting.objects.create(
        id=uuid4(), kind="x", subject_kind="case", subject_id="9", title="x", edition_id=view.id, at=now
    )


def test_legs_that_do_not_cancel_are_refused_at_commit(shizhong: EditionView, now: datetime) -> None:
    book = Book.objects.create(kind=Kind.POINTS, owner_kind="person", owner_id=uuid4())
    Leg.objects.create(posting=_posting(shizhong, now), book=book, amount=5)
    with pytest.raises(IntegrityError, match="sum to zero"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: Leg.objects.update(amount=1),
        lambda: Leg.objects.all().delete(),
        lambda: Posting.objects.update(title="x"),
        lambda: Leg.objects.create(posting=Posting.objects.get(), book_id=1, amount=0),
        lambda: Book.objects.create(kind="money", owner_kind="person", owner_id=uuid4()),
    ],
    ids=["change a leg", "delete legs", "change a posting", "a leg of nothing", "a kind that is none"],
)
def test_the_tables_refuse_what_a_bank_never_does(
    spoil: Callable[[], object], shizhong: EditionView, now: datetime
) -> None:
    post(shizhong, now, 60)
    with pytest.raises(DatabaseError), transaction.atomic():
        spoil()

"""Reads of the ledger: balances and an owner's book."""

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from huakai.ledger.definitions import Tariff
from huakai.ledger.models import Leg
from huakai.ledger.types import Balance, DeedLine, EntryLine, Kind, Owner, OwnerKind, TariffLine
from huakai.packs import queries as packs
from huakai.packs.types import say


def balance(owner: Owner) -> Balance:
    """What the owner holds of each kind: the sum of the legs, nothing stored beside them."""
    rows = Leg.objects.filter(book__owner_id=owner.id, book__owner_kind=owner.kind)
    sums = rows.values_list("book__kind").annotate(total=Sum("amount"))
    return Balance({Kind(kind): total for kind, total in sums})


def entries(owner: Owner, *, limit: int = 100) -> tuple[EntryLine, ...]:
    """The owner's latest lines, newest first."""
    rows = (
        Leg.objects.filter(book__owner_id=owner.id, book__owner_kind=owner.kind)
        .select_related("posting", "book")
        .order_by("-id")[:limit]
    )
    return tuple(
        EntryLine(
            at=leg.posting.at,
            kind=leg.book.kind,
            amount=leg.amount,
            title=leg.posting.title,
            subject_kind=leg.posting.subject_kind,
            subject_id=leg.posting.subject_id,
        )
        for leg in rows
    )


def deeds(owner: Owner, *, limit: int = 100) -> tuple[DeedLine, ...]:
    """The owner's latest deeds, newest first, each with what it brought of both kinds."""
    rows = (
        Leg.objects.filter(book__owner_id=owner.id, book__owner_kind=owner.kind)
        .values(
            "posting_id",
            "posting__at",
            "posting__title",
            "posting__subject_kind",
            "posting__subject_id",
        )
        .annotate(
            minutes=Coalesce(Sum("amount", filter=Q(book__kind=Kind.MINUTES)), 0),
            points=Coalesce(Sum("amount", filter=Q(book__kind=Kind.POINTS)), 0),
        )
        .order_by("-posting__at", "-posting_id")[:limit]
    )
    return tuple(
        DeedLine(
            at=row["posting__at"],
            title=row["posting__title"],
            minutes=row["minutes"],
            points=row["points"],
            subject_kind=row["posting__subject_kind"],
            subject_id=row["posting__subject_id"],
        )
        for row in rows
    )


def tariff_lines(pack_code: str, language: str) -> tuple[TariffLine, ...]:
    """The tariff of the place today, in the reader's words."""
    tariff = packs.current(pack_code).find("ledger", "tariff")
    items = tariff.items if isinstance(tariff, Tariff) else ()
    return tuple(
        TariffLine(say(item, "title", language), item.minutes_per_minute > 0, item.points_per_hour)
        for item in items
    )


def total_minutes(area_prefix: str) -> int:
    """Minutes credited to persons for deeds under a unit."""
    rows = Leg.objects.filter(
        book__owner_kind=OwnerKind.PERSON,
        book__kind=Kind.MINUTES,
        posting__area_code__startswith=area_prefix,
    )
    return rows.aggregate(total=Sum("amount"))["total"] or 0

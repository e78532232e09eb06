"""SZ-06: who held which post on a day."""

from datetime import date
from uuid import UUID

from huakai.registry.models import Holding, Post
from huakai.registry.queries import sealed
from huakai.registry.queries.units import live_on
from huakai.registry.types import Body, Seat


def roster(unit_code: str, on: date, body: str | None = None) -> tuple[Seat, ...]:
    """Posts of a unit in printing order with their holders on the day; empty seats stay visible.

    Holders stand in full: who holds a public post is published by the office itself.
    """
    posts = Post.objects.filter(unit__code=unit_code).order_by("body", "print_order", "code")
    if body is not None:
        posts = posts.filter(body=body)
    seats = list(posts)
    names: dict[object, list[str]] = {}
    holdings = (
        Holding.objects.filter(live_on(on), post__in=seats)
        .select_related("person")
        .order_by("starts_on", "pk")
    )
    for holding in holdings:
        names.setdefault(holding.post_id, []).append(sealed.clear(holding.person.name_enc, sealed.NAME))
    return tuple(Seat(p.body, p.code, p.title, tuple(names.get(p.pk, ()))) for p in seats)


def roster_changes(unit_code: str, body: str) -> tuple[date, ...]:
    """The days on which the roster of a body became another one, oldest first."""
    rows = Holding.objects.filter(post__unit__code=unit_code, post__body=body).values_list(
        "starts_on", "ends_on"
    )
    return tuple(sorted({day for period in rows for day in period if day is not None}))


def roster_by_body(unit_code: str, on: date) -> list[Body]:
    """The same, one group of seats after the other."""
    seats = roster(unit_code, on)
    return [
        Body(name, tuple(s for s in seats if s.body == name)) for name in dict.fromkeys(s.body for s in seats)
    ]


def all_roster_changes(unit_code: str) -> tuple[date, ...]:
    """The days on which anything in the unit's rosters changed, newest first."""
    rows = Holding.objects.filter(post__unit__code=unit_code).values_list("starts_on", "ends_on")
    return tuple(sorted({day for period in rows for day in period if day is not None}, reverse=True))


def first_responsible(unit_code: str, on: date, codes: tuple[str, ...]) -> UUID | None:
    """第一责任人: who holds a post with one of `codes` at the unit itself on the day; the first in printing order."""
    held = Holding.objects.filter(
        live_on(on), post__unit__code=unit_code, post__body="", post__code__in=codes
    )
    found: UUID | None = (
        held.order_by("post__print_order", "starts_on", "pk").values_list("person_id", flat=True).first()
    )
    return found

"""SZ-06: who held which post on a day."""

from datetime import date

from huakai.registry.models import Holding, Post
from huakai.registry.queries.units import live_on
from huakai.registry.types import Seat


def roster(unit_code: str, on: date, body: str | None = None) -> tuple[Seat, ...]:
    """Posts of a unit in printing order with their holders on the day; empty seats stay visible."""
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
        names.setdefault(holding.post_id, []).append(holding.person.name_masked)
    return tuple(Seat(p.body, p.code, p.title, tuple(names.get(p.pk, ()))) for p in seats)


def roster_changes(unit_code: str, body: str) -> tuple[date, ...]:
    """The days on which the roster of a body became another one, oldest first."""
    rows = Holding.objects.filter(post__unit__code=unit_code, post__body=body).values_list(
        "starts_on", "ends_on"
    )
    return tuple(sorted({day for period in rows for day in period if day is not None}))

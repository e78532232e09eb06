"""Reads of the dated tree: cards, subtrees, counts of places by level."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from huakai.packs import queries as packs
from huakai.registry.models import Place, Unit
from huakai.registry.queries.scope import scope_q
from huakai.registry.queries.vocabulary import vocabulary
from huakai.registry.types import Actor, Branch, LevelCount, PlaceCard, UnitCard


def live_on(on: date | None, prefix: str = "") -> Q:
    """Rows whose period covers the day; every row without one."""
    if on is None:
        return Q()
    start, end = f"{prefix}starts_on", f"{prefix}ends_on"
    return Q(**{f"{start}__lte": on}) & (Q(**{end: None}) | Q(**{f"{end}__gt": on}))


def card_of(unit: Unit, parent_code: str | None = None) -> UnitCard:
    """The unit as the neighbours know it."""
    code = parent_code if parent_code is not None else (unit.parent.code if unit.parent else "")
    return UnitCard(
        id=unit.pk,
        code=unit.code,
        name=unit.name,
        short_name=unit.short_name or unit.name,
        kind=unit.kind,
        group=unit.group,
        parent_code=code,
        print_order=unit.print_order,
        aliases=tuple(unit.aliases),
        starts_on=unit.starts_on,
        ends_on=unit.ends_on,
        lon=unit.lon,
        lat=unit.lat,
    )


def unit_by_code(code: str) -> UnitCard | None:
    """One unit, whatever its period."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE, [code])
        row = cursor.fetchone()
    if row is None:
        return None
    values: list[Any] = [tuple(value) if isinstance(value, list) else value for value in row]
    return UnitCard(*values)


# Written out, in the order of UnitCard: every order asks this.
_ONE = """
    SELECT u.id, u.code, u.name, coalesce(nullif(u.short_name, ''), u.name), u.kind, u."group",
           coalesce(p.code, ''), u.print_order, u.aliases, u.starts_on, u.ends_on, u.lon, u.lat
      FROM registry_unit u LEFT JOIN registry_unit p ON p.id = u.parent_id WHERE u.code = %s"""


def unit_by_id(unit_id: UUID) -> UnitCard | None:
    """One unit by key."""
    unit = Unit.objects.select_related("parent").filter(pk=unit_id).first()
    return card_of(unit) if unit else None


def units_by_codes(codes: Iterable[str]) -> dict[str, UnitCard]:
    """Many units in one query."""
    rows = Unit.objects.select_related("parent").filter(code__in=set(codes))
    return {u.code: card_of(u) for u in rows}


def units_under(
    prefix: str, kind: str | None = None, on: date | None = None, group: str | None = None
) -> list[UnitCard]:
    """The subtree of a code, itself included, in code order."""
    rows = Unit.objects.select_related("parent").filter(live_on(on), code__startswith=prefix)
    if kind is not None:
        rows = rows.filter(kind=kind)
    if group is not None:
        rows = rows.filter(group=group).order_by("print_order", "code")
        return [card_of(u) for u in rows]
    return [card_of(u) for u in rows.order_by("code")]


@dataclass(frozen=True)
class UnitsPage:
    """One page of units and where the next one starts."""

    units: tuple[UnitCard, ...]
    next_after: str


def units_page(actor: Actor, *, prefix: str, kind: str, on: date | None, after: str, limit: int) -> UnitsPage:
    """Units the actor may see, in code order, by keyset."""
    rows = Unit.objects.select_related("parent").filter(
        scope_q(actor, "unit.view", area_field="code"), live_on(on)
    )
    rows = rows.filter(code__startswith=prefix, code__gt=after)
    if kind:
        rows = rows.filter(kind=kind)
    found = [card_of(u) for u in rows.order_by("code")[: limit + 1]]
    return UnitsPage(tuple(found[:limit]), found[limit - 1].code if len(found) > limit else "")


def units_in_groups(prefix: str, on: date | None = None) -> dict[str, list[UnitCard]]:
    """Units that belong to a printed group (镇, 街道, 部门, 集团), each group in printing order."""
    found: dict[str, list[UnitCard]] = {}
    rows = (
        Unit.objects.select_related("parent").filter(live_on(on), code__startswith=prefix).exclude(group="")
    )
    for unit in rows.order_by("group", "print_order", "code"):
        found.setdefault(unit.group, []).append(card_of(unit))
    return found


def children_of(code: str, kinds: tuple[str, ...] = (), on: date | None = None) -> list[UnitCard]:
    """Units directly under a unit (of some kinds only), in printing order."""
    rows = Unit.objects.filter(live_on(on), parent__code=code)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    rows = rows.order_by("print_order", "code")
    return [card_of(u, code) for u in rows]


def unit_names(codes: Iterable[str]) -> dict[str, str]:
    """Code → short name, for lists."""
    rows = Unit.objects.filter(code__in=set(codes)).values_list("code", "short_name", "name")
    return {code: short or name for code, short, name in rows}


def place_card(place: Place) -> PlaceCard:
    """The venue as the neighbours know it; wants `unit` selected."""
    return PlaceCard(
        code=place.code,
        kind=place.kind,
        name=place.name,
        unit_code=place.unit.code,
        unit_name=place.unit.name,
        address=place.address,
        lon=place.lon,
        lat=place.lat,
    )


def places_of(
    prefix: str, *, kind: str | None = None, on: date | None = None, exact: bool = False
) -> list[PlaceCard]:
    """Venues at a unit or anywhere under it."""
    where = Q(unit__code=prefix) if exact else Q(unit__code__startswith=prefix)
    rows = Place.objects.select_related("unit").filter(where, live_on(on))
    if kind is not None:
        rows = rows.filter(kind=kind)
    return [place_card(p) for p in rows.order_by("code")]


def level_counts(pack_code: str, prefix: str, on: date, language: str = "zh-hans") -> tuple[LevelCount, ...]:
    """SZ-06: places per level on a day against the units that are due one (1 / 11 / 158)."""
    kinds = sorted(
        (k for k in vocabulary(pack_code).place_kinds if k.level is not None), key=lambda k: k.level or 0
    )
    live = Q(unit__code__startswith=prefix) & live_on(on)
    there = dict(Place.objects.filter(live).values_list("kind").annotate(n=Count("pk")))
    units = Unit.objects.filter(live_on(on), code__startswith=prefix)
    due = dict(units.values_list("kind").annotate(n=Count("pk")))
    zh = language.startswith("zh")
    return tuple(
        LevelCount(
            kind=k.code,
            title=(k.short or k.title) if zh else k.title_en,
            level=k.level or 0,
            count=there.get(k.code, 0),
            due=sum(due.get(u, 0) for u in k.at),
        )
        for k in kinds
    )


def root_code(pack_code: str) -> str:
    """The code every unit of the place begins with."""
    return packs.current(pack_code).root_code


def branches_of(units: Iterable[UnitCard]) -> list[Branch]:
    """The upper units in order, each with the units directly under it: what the tree page unfolds."""
    cards = list(units)
    codes = {u.code for u in cards}
    below: dict[str, list[UnitCard]] = {}
    for card in cards:
        below.setdefault(card.parent_code, []).append(card)
    tops = [u for u in cards if u.parent_code not in codes]
    heads = [*tops, *(u for top in tops for u in below.get(top.code, []))]
    ordered = {
        code: tuple(sorted(rows, key=lambda u: (u.print_order, u.code))) for code, rows in below.items()
    }
    return [Branch(head, ordered.get(head.code, ()) if head not in tops else ()) for head in _printed(heads)]


def _printed(heads: list[UnitCard]) -> list[UnitCard]:
    return sorted(heads, key=lambda u: (len(u.parent_code), u.parent_code, u.print_order, u.code))


def home_choices(prefix: str) -> list[tuple[str, str]]:
    """Units people live in (those due a station-level place of their own), named with the unit above them."""
    lowest = {k.code for k in vocabulary(packs.pack_of(prefix)).unit_kinds if k.homes}
    rows = Unit.objects.filter(code__startswith=prefix, kind__in=lowest, ends_on=None).select_related(
        "parent"
    )
    return [
        (u.code, f"{(u.parent.short_name or u.parent.name) if u.parent else ''} · {u.name}")
        for u in rows.order_by("parent__print_order", "print_order", "code")
    ]

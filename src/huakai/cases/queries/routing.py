"""Which unit a case is proposed to, and what a changed table would do with last month's cases."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from huakai.cases.definitions import Flow
from huakai.cases.definitions.routing import Power, PowerBook
from huakai.cases.models import Case
from huakai.cases.queries import catalogue
from huakai.cases.rules import routing, routing_lint
from huakai.cases.rules.routing import Replay, Routed, RouteFacts, Table
from huakai.cases.rules.routing_meaning import routed_categories, table_in
from huakai.kernel.clock import CHINA
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.packs import queries as packs
from huakai.packs.types import EditionView, PackView, Problem
from huakai.registry import queries as registry
from huakai.registry.access import scope_q
from huakai.registry.types import Actor, UnitCard

REPLAY_DAYS = 31
MOST_REPLAYED = 50_000


@dataclass(frozen=True)
class Asked:
    """A case that might come: what the “try it” form and the API ask with."""

    area_code: str
    at: datetime
    category: str = ""
    caller: str = "resident"
    service: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True)
class Area:
    """Where a case lies: the finest unit known, and the nearest unit of each kind above it."""

    code: str
    kinds: Mapping[str, str]


def proposal(case: Case, *, on: date | None = None) -> Routed:
    """The unit the case's own edition proposes, looked up among the units of a day (that of opening)."""
    menu = catalogue.menu_of_edition(case.edition_id)
    facts = _facts_of(
        {name: getattr(case, name) for name in COLUMNS} | {"answers": getattr(case, "answers", {})}
    )
    point = (case.lon, case.lat) if case.lon is not None and case.lat is not None else None
    return _routed(menu.table, facts, point, on or _day(case.opened_at))


def proposal_for(actor: Actor, asked: Asked) -> Routed:
    """The unit today's table proposes for a case that might come. NotFound for an unknown area."""
    if not actor.may("unit.view", asked.area_code):
        raise NotAllowed("not_allowed", N_("不在您管理的范围内"))
    if registry.unit_by_code(asked.area_code) is None:
        raise NotFound("unit_unknown", N_("没有编码为 {key} 的单位"), key=asked.area_code)
    menu = catalogue.menu_of(packs.current(packs.pack_of(asked.area_code)))
    category = menu.categories.get(asked.category)
    service = menu.services.get(asked.service)
    facts = RouteFacts(
        area_code=asked.area_code,
        at=asked.at,
        category=asked.category or (service.category if service else ""),
        tag=service.tag if service and service.tag else category.tag if category else "",
        caller=asked.caller,
        flow=category.flow if category else "",
        service=asked.service,
        place_kind=asked.answers.get("place_kind", ""),
        answers=asked.answers,
    )
    point = (asked.lon, asked.lat) if asked.lon is not None and asked.lat is not None else None
    return _routed(menu.table, facts, point, _day(asked.at))


def _routed(table: Table, facts: RouteFacts, point: tuple[float, float] | None, on: date) -> Routed:
    """One query: the units above the area, and those the table could name."""
    finest = _finest(facts.area_code, point, on)
    codes = {*_prefixes(finest), *routing.codes_named(table, facts)}
    found = registry.units_by_codes(codes)
    kinds = {code: unit.kind for code, unit in found.items() if _lives(unit, on)}
    area = _area(finest, kinds)
    return routing.route(table, _placed(facts, area), live=kinds)


def _finest(area_code: str, point: tuple[float, float] | None, on: date) -> str:
    """The unit the point lies in, when that is inside the area; else the area."""
    inner = registry.code_at(*point, on) if point else ""
    return inner if inner.startswith(area_code) else area_code


def _prefixes(code: str) -> list[str]:
    """Every code a unit above could have."""
    return [code[:length] for length in range(2, len(code) + 1)]


def _area(code: str, kinds: Mapping[str, str]) -> Area:
    """From the top down, so that the nearest unit of a kind stays."""
    return Area(code, {kinds[each]: each for each in _prefixes(code) if each in kinds})


def _placed(facts: RouteFacts, area: Area) -> RouteFacts:
    return RouteFacts(**{**vars(facts), "area_code": area.code, "area_kinds": area.kinds})


def _lives(unit: UnitCard, on: date) -> bool:
    return (unit.starts_on is None or unit.starts_on <= on) and (unit.ends_on is None or on < unit.ends_on)


def _day(at: datetime) -> date:
    return at.astimezone(CHINA).date()


COLUMNS = ("number", "area_code", "opened_at", "category", "tag", "caller_kind", "flow", "service")


def _facts_of(row: Mapping[str, Any]) -> RouteFacts:
    """The facts of a case as it was opened; its area is placed afterwards."""
    answers = {name: str(value) for name, value in (row.get("answers") or {}).items()}
    return RouteFacts(
        area_code=row["area_code"],
        at=row["opened_at"],
        category=row["category"],
        tag=row["tag"],
        caller=row["caller_kind"],
        flow=row["flow"],
        service=row["service"],
        place_kind=answers.get("place_kind", ""),
        answers=answers,
        ref=str(row["number"]),
    )


@dataclass(frozen=True)
class Lint:
    """What the page shows beside the table."""

    gaps: tuple[routing_lint.Gap, ...]
    conflicts: tuple[routing_lint.Conflict, ...]
    missing: Mapping[str, tuple[int, ...]]
    """Unit codes that are not in the tree today, with the rules that name them."""


def lint(pack_code: str, *, on: date) -> Lint:
    """Gaps over the real units of the place, conflicts, and units that are not there. One query."""
    view = packs.current(pack_code)
    table = catalogue.menu_of(view).table
    kinds = _live_kinds(view.root_code, on)
    areas = [routing_lint.Area(code, _area(code, kinds).kinds) for code in kinds if code.isdigit()]
    missing: dict[str, list[int]] = {}
    for line in table.lines:
        unit = line.rule.to.unit
        if unit and unit not in kinds:
            missing.setdefault(unit, []).append(line.number)
    callers = sorted(_callers(view)) or ["resident"]
    return Lint(
        gaps=tuple(routing_lint.gaps(table, routed_categories(view), areas, callers)),
        conflicts=tuple(routing_lint.conflicts(table)),
        missing={code: tuple(numbers) for code, numbers in missing.items()},
    )


def _callers(view: PackView) -> set[str]:
    flows = [f for f in view.all("cases").values() if isinstance(f, Flow)]
    return {c.caller for flow in flows for c in flow.callers}


def _live_kinds(root: str, on: date) -> dict[str, str]:
    """Code → kind of every unit of the place on a day."""
    return {unit.code: unit.kind for unit in registry.units_under(root, on=on)}


def replay(actor: Actor, *, text: str, now: datetime) -> Replay:
    """The cases of the last REPLAY_DAYS days in the actor's areas through today's table and a changed one.

    `text` is a routing file as YAML; it stands for the file of the same code. Nothing is written. Three queries.
    """
    view = packs.current(actor.pack_code)
    changed = changed_view(view, text)
    on = _day(now)
    kinds = _live_kinds(view.root_code, on)
    facts = _month_of(actor, view, kinds, now)
    return routing.replay(catalogue.menu_of(view).table, table_in(changed), facts, live=kinds)


def _month_of(
    actor: Actor, view: EditionView, kinds: Mapping[str, str], now: datetime
) -> Sequence[RouteFacts]:
    """Facts of last month's cases that go to units, newest first, from one query."""
    flows = {c.flow for c in routed_categories(view)}
    rows = Case.objects.filter(
        scope_q(actor, "unit.view"),
        area_code__startswith=view.root_code,
        flow__in=flows,
        opened_at__gte=now - timedelta(days=REPLAY_DAYS),
        opened_at__lt=now,
    )
    names = (*COLUMNS, "lon", "lat", *(("answers",) if hasattr(Case, "answers") else ()))
    areas: dict[str, Area] = {}
    found = []
    for row in rows.order_by("-id").values(*names)[:MOST_REPLAYED]:
        point = (row["lon"], row["lat"]) if row["lon"] is not None and row["lat"] is not None else None
        code = _finest(row["area_code"], point, _day(row["opened_at"]))
        area = areas.get(code) or areas.setdefault(code, _area(code, kinds))
        found.append(_placed(_facts_of(row), area))
    return found


class TableWrong(RuleBroken):
    """The pasted table has errors; `problems` names the lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__("table_wrong", N_("粘贴的规则表有错，没有比对"), field="table")
        self.problems = tuple(problems)


def changed_view(view: PackView, text: str) -> PackView:
    """The pack with the pasted routing file in place of the one of its code; TableWrong with every mistake."""
    changed, problems = packs.with_file(view, "routing", text)
    errors = [problem for problem in problems if problem.level == "error"]
    if errors:
        raise TableWrong(errors)
    return changed


@dataclass(frozen=True)
class PowerCount:
    """How many powers of a kind there are, and how many of them a town has."""

    code: str
    title: str
    title_en: str
    listed: int
    delegated: int


@dataclass(frozen=True)
class PowerLine:
    """One power on the list: who gave it, to how many towns, since when (for one town: its day)."""

    code: str
    title: str
    title_en: str
    kind: str
    department: str
    towns: tuple[str, ...]
    since: date | None


@dataclass(frozen=True)
class PowerList:
    """The published list (row TZ-04), whole or for one town."""

    counts: tuple[PowerCount, ...]
    lines: tuple[PowerLine, ...]
    towns: tuple[str, ...]


def power_list(pack_code: str, *, town: str = "", on: date) -> PowerList:
    """Delegated powers by kind as the current edition has them; with `town`, only those it has on the day."""
    view = packs.current(pack_code)
    books = [b for b in view.all("powers").values() if isinstance(b, PowerBook)]
    lines = [_power_line(power, town, on) for book in books for power in book.powers]
    shown = [line for line in lines if not town or town in line.towns]
    kinds = {kind.code: kind for book in books for kind in book.kinds}
    counts = (
        PowerCount(
            code,
            kind.title,
            kind.title_en,
            sum(line.kind == code for line in lines),
            sum(line.kind == code and bool(line.towns) for line in shown),
        )
        for code, kind in kinds.items()
    )
    towns = sorted({t for book in books for p in book.powers for d in p.delegated for t in d.towns})
    return PowerList(tuple(c for c in counts if c.listed), tuple(shown), tuple(towns))


def _power_line(power: Power, town: str, on: date) -> PowerLine:
    valid = [d for d in power.delegated if d.since <= on and (d.until is None or on < d.until)]
    towns = tuple(dict.fromkeys(t for d in valid for t in d.towns))
    days = [d.since for d in valid if not town or town in d.towns]
    return PowerLine(
        power.code, power.title, power.title_en, power.kind, power.department, towns, min(days, default=None)
    )

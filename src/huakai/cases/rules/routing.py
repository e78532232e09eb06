"""Which unit a case goes to, and why: the first rule that applies, else the fallback."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from huakai.cases.definitions.catalogue import Route
from huakai.cases.definitions.routing import (
    LEGACY_FROM,
    Item,
    Otherwise,
    Power,
    PowerBook,
    RoutingRule,
    RoutingTable,
    Target,
    When,
)
from huakai.kernel.clock import CHINA
from huakai.kernel.errors import N_

DAY_MINUTES = 1440
ALL_DAY = (1 << DAY_MINUTES) - 1
SETS = ("category", "tag", "caller", "flow", "service", "place_kind")
LISTED, UNLISTED = "*", "!"
"""Beside its kind, what a named power or item is: on the list or not."""


@dataclass(frozen=True)
class RouteFacts:
    """What is known of a case when a unit is looked for.

    `area_kinds` maps unit kinds to the code of the nearest such unit the case lies in, its own area included.
    """

    area_code: str
    at: datetime
    category: str = ""
    tag: str = ""
    caller: str = "resident"
    flow: str = ""
    service: str = ""
    place_kind: str = ""
    area_kinds: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    ref: str = ""
    """How people call the case, for examples of a replay."""


@dataclass(frozen=True)
class Routed:
    """The unit, the number of the rule (None: the fallback) and its reason in both languages.

    `missed` is a rule that applied, but whose unit is not there: then the fallback decides.
    """

    unit_code: str
    number: int | None
    because: str
    because_en: str
    missed: int | None = None


@dataclass(frozen=True)
class Conditions:
    """`When`, made ready: sets, prefixes, bits of the minutes of the day. Empty or None does not matter."""

    sets: tuple[tuple[str, frozenset[str]], ...] = ()
    area: tuple[str, ...] = ()
    power: frozenset[str] | None = None
    item: frozenset[str] | None = None
    days: frozenset[int] | None = None
    minutes: int = ALL_DAY
    answers: tuple[tuple[str, frozenset[str]], ...] = ()

    @property
    def timed(self) -> bool:
        """Does the hour matter?"""
        return self.days is not None or self.minutes != ALL_DAY


@dataclass(frozen=True)
class Line:
    """A rule with its conditions made ready."""

    rule: RoutingRule
    conditions: Conditions

    @property
    def number(self) -> int:
        return self.rule.number


@dataclass(frozen=True)
class Table:
    """Everything a place says about routing, in one; `lines` by number."""

    lines: tuple[Line, ...]
    otherwise: Otherwise
    powers: Mapping[str, Power] = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)
    by_category: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    """Lines that can apply to a category some rule names; "" for all others."""


NOBODY_SAID = Otherwise(
    to=Target(level=("none",)),
    because=N_("没有写分派规则，先由所在单位接"),
    because_en="There are no routing rules, so the unit of the area takes it first",
)
"""For editions older than routing: the level is nowhere, so the area's own unit takes it."""


def table_of(
    files: Iterable[RoutingTable], books: Iterable[PowerBook] = (), routes: Iterable[Route] = ()
) -> Table:
    """All routing files, lists and catalogue routes of a place as one table."""
    files, books = list(files), list(books)
    rules = sorted((rule for each in files for rule in each.rules), key=lambda rule: rule.number)
    rules += [_legacy(route, number) for number, route in enumerate(routes, start=LEGACY_FROM)]
    lines = tuple(Line(rule, conditions_of(rule.when)) for rule in rules)
    named = {code for line in lines for code in line.rule.when.category or ()}
    return Table(
        lines=lines,
        otherwise=next((each.otherwise for each in files if each.otherwise), NOBODY_SAID),
        powers={power.code: power for book in books for power in book.powers},
        items={item.code: item for book in books for item in book.items},
        by_category={code: tuple(line for line in lines if _concerns(line, code)) for code in {"", *named}},
    )


def _concerns(line: Line, category: str) -> bool:
    return line.rule.when.category is None or category in line.rule.when.category


def _legacy(route: Route, number: int) -> RoutingRule:
    """A catalogue's plain route as a rule; built past the check of authors' numbers."""
    return RoutingRule.model_construct(
        number=number,
        when=When(category=(route.category,)),
        to=Target(unit=route.unit_code),
        because=N_("服务目录写明了这类事归哪个单位"),
        because_en="The catalogue names the unit for this category",
        prevails=False,
    )


def conditions_of(when: When) -> Conditions:
    """Ready to be asked thousands of times."""
    return Conditions(
        sets=tuple((name, frozenset(codes)) for name in SETS if (codes := getattr(when, name)) is not None),
        area=when.area or (),
        power=_states(when.power),
        item=_states(when.item),
        days=frozenset(when.weekday) if when.weekday is not None else None,
        minutes=_minutes(when.starts_at, when.ends_at),
        answers=tuple((name, frozenset(values)) for name, values in sorted(when.answers.items())),
    )


def _states(wanted: bool | tuple[str, ...] | None) -> frozenset[str] | None:
    if wanted is None:
        return None
    if isinstance(wanted, bool):
        return frozenset({LISTED if wanted else UNLISTED})
    return frozenset(wanted)


def _minutes(starts_at: str | None, ends_at: str | None) -> int:
    """A bit for every minute of the day that counts."""
    start = _minute(starts_at) if starts_at else 0
    end = _minute(ends_at) if ends_at else DAY_MINUTES
    if start < end:
        return (1 << end) - (1 << start)
    return ALL_DAY ^ ((1 << start) - (1 << end))


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def route(table: Table, facts: RouteFacts, *, live: Container[str] | None = None) -> Routed:
    """The unit of the first rule that applies. With `live`, a unit that is not among them is not there.

    When the rule's unit is not there, the fallback decides; when its unit is missing too, the area's own unit.
    """
    missed = None
    for line in table.by_category.get(facts.category, table.by_category[""]):
        if applies(line.conditions, facts, table):
            code = unit_of(line.rule.to, facts, table, live=live)
            if code:
                return Routed(code, line.number, line.rule.because, line.rule.because_en)
            missed = line.number
            break
    last = table.otherwise
    code = unit_of(last.to, facts, table, live=live) or facts.area_code
    return Routed(code, None, last.because, last.because_en, missed)


def applies(conditions: Conditions, facts: RouteFacts, table: Table) -> bool:
    """Does the case meet every condition?"""
    for name, allowed in conditions.sets:
        if getattr(facts, name) not in allowed:
            return False
    if conditions.area and not facts.area_code.startswith(conditions.area):
        return False
    if conditions.timed and not _now_counts(conditions, facts.at):
        return False
    for name, allowed in conditions.answers:
        if facts.answers.get(name) not in allowed:
            return False
    return _is_on(conditions.power, facts.answers.get("power"), table.powers) and _is_on(
        conditions.item, facts.answers.get("item"), table.items
    )


def _now_counts(conditions: Conditions, at: datetime) -> bool:
    here = at.astimezone(CHINA)
    if conditions.days is not None and here.isoweekday() not in conditions.days:
        return False
    return bool(conditions.minutes >> (here.hour * 60 + here.minute) & 1)


def _is_on(states: frozenset[str] | None, code: str | None, known: Mapping[str, Any]) -> bool:
    if states is None:
        return True
    if not code:
        return False
    found = known.get(code)
    return UNLISTED in states if found is None else LISTED in states or found.kind in states


def unit_of(target: Target, facts: RouteFacts, table: Table, *, live: Container[str] | None = None) -> str:
    """The code of the unit a target means for this case; empty when it is not there."""
    if target.unit is not None:
        return _alive(target.unit, live)
    if target.level is not None:
        return next((facts.area_kinds[kind] for kind in target.level if kind in facts.area_kinds), "")
    if target.owner_of == "item":
        item = table.items.get(facts.answers.get("item", ""))
        return _alive(item.owner, live) if item else ""
    power = table.powers.get(facts.answers.get("power", ""))
    if power is None:
        return ""
    town = town_of(power, facts.area_code, facts.at.astimezone(CHINA).date())
    return (_alive(town, live) if town else "") or _alive(power.department, live)


def _alive(code: str, live: Container[str] | None) -> str:
    return code if live is None or code in live else ""


def town_of(power: Power, area_code: str, on: date) -> str:
    """The town the power is delegated to where a case lies, on that day; empty: the department kept it."""
    towns = (
        town
        for each in power.delegated
        if each.since <= on and (each.until is None or on < each.until)
        for town in each.towns
        if area_code.startswith(town)
    )
    return max(towns, key=len, default="")


def codes_named(table: Table, facts: RouteFacts) -> set[str]:
    """Every unit code the table could name for this case: what has to be looked up."""
    lines = table.by_category.get(facts.category, table.by_category[""])
    found = {line.rule.to.unit for line in lines} | {table.otherwise.to.unit}
    power = table.powers.get(facts.answers.get("power", ""))
    item = table.items.get(facts.answers.get("item", ""))
    if power:
        found |= {power.department, *(town for each in power.delegated for town in each.towns)}
    if item:
        found.add(item.owner)
    return {code for code in found if code}


def plain_routes(table: Table) -> dict[str, str]:
    """Category → unit, where a rule says so without any further condition."""
    found: dict[str, str] = {}
    for line in table.lines:
        alone = When(category=line.rule.when.category) == line.rule.when
        if alone and line.rule.to.unit:
            for category in line.rule.when.category or ():
                found.setdefault(category, line.rule.to.unit)
    return found


@dataclass(frozen=True)
class Moved:
    """Cases that would go to another unit, with a few of them by name."""

    before: str
    after: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Replay:
    """What a changed table would have changed."""

    total: int
    moved: tuple[Moved, ...]

    @property
    def changed(self) -> int:
        """How many cases would have gone elsewhere."""
        return sum(each.count for each in self.moved)


EXAMPLES = 5


def replay(
    old: Table, new: Table, facts: Sequence[RouteFacts], *, live: Container[str] | None = None
) -> Replay:
    """Every case through both tables: the pairs of units that differ, the most frequent first."""
    found: dict[tuple[str, str], list[str]] = {}
    for each in facts:
        pair = route(old, each, live=live).unit_code, route(new, each, live=live).unit_code
        if pair[0] != pair[1]:
            found.setdefault(pair, []).append(each.ref)
    moved = [Moved(*pair, len(refs), tuple(refs[:EXAMPLES])) for pair, refs in found.items()]
    return Replay(len(facts), tuple(sorted(moved, key=lambda m: (-m.count, m.before, m.after))))

"""Is a routing table sound: what only its fallback catches, rules that never fire, pairs that contradict."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import Literal

from huakai.cases.definitions.catalogue import Category
from huakai.cases.rules.routing import ALL_DAY, LISTED, UNLISTED, Conditions, Line, Table

WEEK = range(1, 8)
MOST_PARTS = 2000


@dataclass(frozen=True)
class Gap:
    """A combination only the fallback catches; `sometimes`: rules catch it, but not at every hour of the week."""

    category: str
    area_code: str
    caller: str
    sometimes: bool = False


@dataclass(frozen=True)
class Area:
    """An area to be asked about; `kinds` as in RouteFacts, None when nobody knows them yet."""

    code: str
    kinds: Mapping[str, str] | None = None


def gaps(
    table: Table, categories: Iterable[Category], areas: Sequence[Area], callers: Sequence[str]
) -> list[Gap]:
    """Every category x area x caller that no rule catches without knowing more about the case."""
    found = []
    for category in categories:
        lines = [line for line in table.lines if _may_catch(line.conditions, category)]
        for area, caller in product(areas, callers):
            catching = [line for line in lines if _catches(line, area, caller)]
            free = _free_minutes(catching)
            if any(free.values()):
                partly = any(minutes != ALL_DAY for minutes in free.values())
                found.append(Gap(category.code, area.code, caller, partly))
    return found


def _may_catch(conditions: Conditions, category: Category) -> bool:
    """Do its conditions hold for every case of the category, area, caller and hour apart?"""
    if conditions.answers or conditions.power is not None or conditions.item is not None:
        return False
    known = {"category": category.code, "flow": category.flow, "tag": category.tag}
    return all(name == "caller" or known.get(name) in allowed for name, allowed in conditions.sets)


def _catches(line: Line, area: Area, caller: str) -> bool:
    conditions, level = line.conditions, line.rule.to.level
    if conditions.area and not area.code.startswith(conditions.area):
        return False
    if level is not None and area.kinds is not None and not any(kind in area.kinds for kind in level):
        return False
    return caller in dict(conditions.sets).get("caller", {caller})


def _free_minutes(lines: Iterable[Line]) -> dict[int, int]:
    """Day of the week → bits of the minutes no rule covers."""
    free = dict.fromkeys(WEEK, ALL_DAY)
    for line in lines:
        for day in line.conditions.days or WEEK:
            free[day] &= ~line.conditions.minutes
    return free


@dataclass(frozen=True)
class Conflict:
    """`number` never fires because of `earlier`, or meets one earlier rule that goes elsewhere: order decides."""

    kind: Literal["never", "overlap"]
    number: int
    earlier: tuple[int, ...]


def conflicts(table: Table) -> list[Conflict]:
    """Rules that can never fire, and pairs that overlap, go elsewhere, and are neither exception nor meant so."""
    found = []
    for at, line in enumerate(table.lines):
        before = [each for each in table.lines[:at] if overlap(each.conditions, line.conditions)]
        by = hidden_by(line, before)
        if by:
            found.append(Conflict("never", line.number, by))
            continue
        found += [
            Conflict("overlap", line.number, (each.number,))
            for each in before
            if each.rule.to != line.rule.to
            and not each.rule.prevails
            and not within(each.conditions, line.conditions)
        ]
    return found


def hidden_by(line: Line, before: Sequence[Line]) -> tuple[int, ...]:
    """Earlier rules that together take every case of this one, one part of its lists each; empty when they do not."""
    found: set[int] = set()
    for part in _parts(line.conditions):
        cover = next((each.number for each in before if within(part, each.conditions)), None)
        if cover is None:
            return ()
        found.add(cover)
    return tuple(sorted(found))


def _parts(conditions: Conditions) -> Iterator[Conditions]:
    """The conditions for each single combination of the values they list."""
    names = [name for name, _ in conditions.sets]
    lists = [sorted(allowed) for _, allowed in conditions.sets]
    areas: list[tuple[str, ...]] = [(prefix,) for prefix in conditions.area] or [()]
    if len(areas) * prod(map(len, lists)) > MOST_PARTS:
        yield conditions
        return
    for area, values in product(areas, product(*lists)):
        sets = tuple((name, frozenset({value})) for name, value in zip(names, values, strict=True))
        yield replace(conditions, sets=sets, area=area)


def within(small: Conditions, large: Conditions) -> bool:
    """Is every case of the one a case of the other?"""
    mine = dict(small.sets)
    given = dict(small.answers)
    return (
        all(name in mine and mine[name] <= allowed for name, allowed in large.sets)
        and (not large.area or (bool(small.area) and all(p.startswith(large.area) for p in small.area)))
        and _states_within(small.power, large.power)
        and _states_within(small.item, large.item)
        and (large.days is None or (small.days or frozenset(WEEK)) <= large.days)
        and small.minutes & ~large.minutes == 0
        and all(name in given and given[name] <= allowed for name, allowed in large.answers)
    )


def overlap(one: Conditions, other: Conditions) -> bool:
    """Can one case meet both?"""
    mine, given = dict(one.sets), dict(one.answers)
    return (
        all(mine.get(name, allowed) & allowed for name, allowed in other.sets)
        and _areas_meet(one.area, other.area)
        and _states_meet(one.power, other.power)
        and _states_meet(one.item, other.item)
        and bool((one.days or frozenset(WEEK)) & (other.days or frozenset(WEEK)))
        and one.minutes & other.minutes != 0
        and all(given.get(name, allowed) & allowed for name, allowed in other.answers)
    )


def _areas_meet(one: Sequence[str], other: Sequence[str]) -> bool:
    if not one or not other:
        return True
    return any(a.startswith(b) or b.startswith(a) for a in one for b in other)


def _states_within(small: frozenset[str] | None, large: frozenset[str] | None) -> bool:
    if large is None:
        return True
    if small is None:
        return False
    return small <= large or (LISTED in large and UNLISTED not in small)


def _states_meet(one: frozenset[str] | None, other: frozenset[str] | None) -> bool:
    if one is None or other is None or one & other:
        return True
    kinds = (one - {UNLISTED}, other - {UNLISTED})
    return all(kinds) and any(LISTED in each for each in kinds)

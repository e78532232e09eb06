"""Invented figures under which a board's ranking yields a published bulletin: values are made, lists never typed in."""

import itertools
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from huakai.evaluation.definitions import (
    Board,
    Direct,
    Line,
    NamedList,
    NoneClaimed,
    Ranking,
    WeightedAverage,
)
from huakai.evaluation.types import BoardUnit, Cell, Reading


@dataclass(frozen=True)
class Wanted:
    """The lists of one part as published: unit names in printed order, and those tied at the last place."""

    red: tuple[str, ...] = ()
    red_tied: tuple[str, ...] = ()
    yellow: tuple[str, ...] = ()
    yellow_tied: tuple[str, ...] = ()


def wanted_of(
    board: Board, bulletin: Mapping[str, object], sure: Iterable[str] = ("high", "medium")
) -> dict[str, Wanted]:
    """The bulletin's entries by part code; only those transcribed with this confidence."""
    confident = set(sure)
    entries = [e for e in _entries(bulletin) if e["confidence"] in confident]
    found: dict[str, Wanted] = {}
    for section in board.sections:
        for number, item in enumerate(section.items, start=1):
            parts: list[tuple[str, str | None]] = [
                (f"{item.code}.{sub.code}", sub.title) for sub in item.sub_items
            ] or [(item.code, None)]
            for code, sub_title in parts:
                mine = [
                    e
                    for e in entries
                    if section.title.startswith(str(e["section"]))
                    and e["no"] == f"{number:02d}"
                    and e["sub_item"] == sub_title
                ]
                red, red_tied = _listed(mine, "red")
                yellow, yellow_tied = _listed(mine, "yellow")
                found[code] = Wanted(red, red_tied, yellow, yellow_tied)
    return found


def _entries(bulletin: Mapping[str, object]) -> list[dict[str, object]]:
    entries = bulletin["entries"]
    assert isinstance(entries, list)
    return entries


def _listed(entries: Sequence[Mapping[str, object]], colour: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    clear: list[str] = []
    tied: list[str] = []
    for entry in entries:
        if entry["board"] != colour:
            continue
        rows, tie = entry["printed_rows"], entry["tie"]
        assert isinstance(rows, list)
        together = set(tie["units"]) if isinstance(tie, dict) else set()
        for name in itertools.chain.from_iterable(rows):
            (tied if name in together else clear).append(name)
    return tuple(clear), tuple(tied)


def figures_values(
    board: Board, units: Sequence[BoardUnit], wanted: Mapping[str, Wanted], *, seed: int
) -> dict[Cell, Reading]:
    """A value for every cell the board asks for; ranking them yields the wanted lists."""
    rng = random.Random(seed)  # noqa: S311 - invented figures, not secrets
    found: dict[Cell, Reading] = {}
    for part, _item, _sub, ranking in board.rankings():
        for pool in _pools(board, ranking, units):
            goal = _within(wanted.get(part, Wanted()), pool)
            found |= {
                Cell(part, component, unit): Reading(value)
                for (component, unit), value in _values(ranking, pool, goal, rng).items()
            }
    return found


Made = dict[tuple[str, str], Decimal]


def _pools(board: Board, ranking: Ranking, units: Sequence[BoardUnit]) -> list[list[BoardUnit]]:
    order = [g.code for g in board.groups]
    measured = [u for u in units if u.group in ranking.groups or u.code in ranking.units]
    measured.sort(key=lambda u: (order.index(u.group), u.order))
    if ranking.pooling == "pooled":
        return [measured]
    return [pool for group in order if (pool := [u for u in measured if u.group == group])]


def _within(goal: Wanted, pool: Sequence[BoardUnit]) -> Wanted:
    names = {u.name for u in pool}
    kept = [
        tuple(n for n in names_ if n in names)
        for names_ in (goal.red, goal.red_tied, goal.yellow, goal.yellow_tied)
    ]
    return Wanted(*kept)


def _values(ranking: Ranking, pool: Sequence[BoardUnit], goal: Wanted, rng: random.Random) -> Made:
    match ranking.method:
        case Direct() as method:
            steps = _ladder(pool, goal, rng)
            line = ranking.yellow.value if isinstance(ranking.yellow, Line) else None
            return _direct(method, steps, line if goal.yellow else None, rng)
        case WeightedAverage() as method:
            line = ranking.yellow.value if isinstance(ranking.yellow, Line) else Decimal(0)
            return _weighted(method, pool, goal, line, rng)
        case NamedList():
            return _named(ranking, pool, goal, rng)


def _ladder(pool: Sequence[BoardUnit], goal: Wanted, rng: random.Random) -> list[list[str]]:
    """Unit codes from best to worst; those on one step are equal."""
    codes = {u.name: u.code for u in pool}
    listed = {*goal.red, *goal.red_tied, *goal.yellow, *goal.yellow_tied}
    middle = [u.code for u in pool if u.name not in listed]
    rng.shuffle(middle)
    steps = [[codes[n]] for n in goal.red] + [[codes[n] for n in goal.red_tied]] + [[code] for code in middle]
    steps += [[codes[n] for n in goal.yellow_tied]] + [[codes[n]] for n in reversed(goal.yellow)]
    return [step for step in steps if step]


def _direct(method: Direct, steps: list[list[str]], line: Decimal | None, rng: random.Random) -> Made:
    """Growing values up the ladder: counts from nothing, rates around a few percent; below the line if one is."""
    unit = Decimal(1).scaleb(-method.decimals)
    whole = method.decimals == 0
    value = Decimal(0) if whole else Decimal(rng.randint(-90, -20)) / 10
    if line is not None:
        value = line - Decimal(rng.randint(10, 60)) / 10
    if method.direction.better == "less":
        steps = list(reversed(steps))
    made: Made = {}
    for step in reversed(steps):
        made |= {("", code): value.quantize(unit) for code in step}
        value += rng.randint(1, 2) if whole else Decimal(rng.randint(6, 45)) / 10
    return made


def _weighted(
    method: WeightedAverage, pool: Sequence[BoardUnit], goal: Wanted, line: Decimal, rng: random.Random
) -> Made:
    """Whole-number values whose weighted points stand above or below the line as wanted; the red one on top."""
    ranges = [
        range(int(min(c.worst or 0, c.best or 0)), int(max(c.worst or 0, c.best or 0)) + 1)
        for c in method.components
    ]
    grid = {values: _score(method, values) for values in itertools.product(*ranges)}
    top = max(grid.values())
    below = sorted((v for v, s in grid.items() if line - 40 <= s < line), key=lambda v: (grid[v], v))
    middle = [v for v, s in grid.items() if line <= s <= line + (top - line) / 2]
    above = sorted((v for v, s in grid.items() if s > line + (top - line) / 2), key=lambda v: (grid[v], v))
    worst_first = iter(
        sorted(rng.sample(below, min(len(goal.yellow), len(below))), key=lambda v: (grid[v], v))
    )
    made: Made = {}
    best = goal.red or tuple(u.name for u in pool if u.name not in goal.yellow)[:1]
    for unit in sorted(pool, key=lambda u: (*goal.yellow, u.name).index(u.name)):
        if unit.name in goal.yellow:
            values = next(worst_first)
        else:
            values = rng.choice(above) if unit.name in best else rng.choice(middle)
        made |= {(c.code, unit.code): Decimal(v) for c, v in zip(method.components, values, strict=True)}
    return made


def _score(method: WeightedAverage, values: Sequence[int]) -> Decimal:
    points = [
        (Decimal(v) - (c.worst or 0)) * 100 / ((c.best or 100) - (c.worst or 0))
        for c, v in zip(method.components, values, strict=True)
    ]
    return sum((c.weight * p for c, p in zip(method.components, points, strict=True)), Decimal(0))


def _named(ranking: Ranking, pool: Sequence[BoardUnit], goal: Wanted, rng: random.Random) -> Made:
    """Times named fall along the printed order of a group; who claimed nothing is on the yellow list."""
    named: dict[str, int] = {}
    for unit in pool:
        mates = [n for n in goal.red if any(u.name == n and u.group == unit.group for u in pool)]
        if unit.name in mates:
            named[unit.code] = len(mates) - mates.index(unit.name)
    made: Made = {("named", code): Decimal(times) for code, times in named.items()}
    if isinstance(ranking.yellow, NoneClaimed):
        silent = {*goal.yellow, *goal.yellow_tied}
        for unit in pool:
            if unit.group in ranking.yellow.groups:
                claims = 0 if unit.name in silent else named.get(unit.code, 0) + rng.randint(1, 3)
                made["claims", unit.code] = Decimal(claims)
    return made

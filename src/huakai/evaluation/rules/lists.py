"""From scores to a red and a yellow list: places, ties, printed rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from huakai.evaluation.definitions import (
    Cut,
    Direct,
    Direction,
    Line,
    Named,
    NamedList,
    NoneClaimed,
    Places,
    Ranking,
    WeightedAverage,
)
from huakai.evaluation.rules import scores
from huakai.evaluation.types import BoardList, BoardUnit, Colour, Judgement, Row, Ruling


@dataclass(frozen=True)
class Scored:
    """A unit with its score, before it is ranked."""

    unit: BoardUnit
    score: scores.Score
    rank: int | None = None
    shared: int = 0


@dataclass(frozen=True)
class Picked:
    """What a cut takes out of one pool: the clear ones by merit, then the block tied at the last place."""

    clear: tuple[Scored, ...] = ()
    tied: tuple[Scored, ...] = ()


def direction_of(ranking: Ranking) -> Direction:
    """Which way is better; in a named list more is."""
    match ranking.method:
        case Direct() | WeightedAverage() as method:
            return method.direction
        case NamedList():
            return Direction(better="more")


def pools_of(ranking: Ranking, entrants: Iterable[Scored], group_order: Sequence[str]) -> list[list[Scored]]:
    """Units ranked against each other: all of them, or group by group in print order."""
    everyone = list(entrants)
    if ranking.pooling == "pooled":
        return [everyone]
    return [pool for group in group_order if (pool := [e for e in everyone if e.unit.group == group])]


def ranked(pool: Iterable[Scored], direction: Direction) -> list[Scored]:
    """The pool in order of merit with competition ranks (1 2 2 4); units without a score come last."""

    def merit(entry: Scored) -> Decimal:
        assert entry.score.value is not None
        return -scores.goodness(entry.score.value, direction)

    entries = list(pool)
    valued = sorted((e for e in entries if e.score.value is not None), key=lambda e: (merit(e), e.unit.order))
    result: list[Scored] = []
    for _, same in groupby(valued, key=merit):
        block = list(same)
        rank = len(result) + 1
        result += [replace(entry, rank=rank, shared=len(block)) for entry in block]
    return result + [e for e in entries if e.score.value is None]


def picked(cut: Cut | None, colour: Colour, pool: Sequence[Scored], direction: Direction) -> Picked:
    """The units a cut takes from a ranked pool."""
    match cut:
        case None:
            return Picked()
        case Places():
            return _places(cut, colour, pool)
        case Line():
            line = scores.goodness(cut.value, direction)
            return Picked(
                clear=tuple(e for e in _from_the_end(colour, pool) if _is_across(e, line, colour, direction))
            )
        case Named():
            named = [e for e in pool if e.score.named > 0]
            return Picked(clear=tuple(sorted(named, key=lambda e: (-e.score.named, e.unit.order))))
        case NoneClaimed():
            none = [
                e for e in pool if e.unit.group in cut.groups and e.score.value == 0 and e.score.named == 0
            ]
            return Picked(tied=tuple(none)) if len(none) > 1 else Picked(clear=tuple(none))


def _from_the_end(colour: Colour, pool: Sequence[Scored]) -> list[Scored]:
    """Units with a score, best first for red, worst first for yellow; equal ones keep print order."""
    valued = [e for e in pool if e.rank is not None]
    blocks = [list(same) for _, same in groupby(valued, key=lambda e: e.rank)]
    if colour is Colour.YELLOW:
        blocks.reverse()
    return [entry for block in blocks for entry in block]


def _is_across(entry: Scored, line: Decimal, colour: Colour, direction: Direction) -> bool:
    assert entry.score.value is not None
    merit = scores.goodness(entry.score.value, direction)
    return merit >= line if colour is Colour.RED else merit < line


def _places(cut: Places, colour: Colour, pool: Sequence[Scored]) -> Picked:
    """Whole blocks of equal units while they fit; the first that does not is the tied block."""
    clear: list[Scored] = []
    for _, same in groupby(_from_the_end(colour, pool), key=lambda e: e.rank):
        block = list(same)
        if len(clear) + len(block) <= cut.count:
            clear += block
            continue
        if len(clear) < cut.count and cut.ties == "all":
            return Picked(tuple(clear), tuple(block))
        break
    return Picked(tuple(clear))


def printed(
    colour: Colour, cut: Cut | None, picks: Sequence[Picked], group_order: Sequence[str]
) -> BoardList | None:
    """The list as the bulletin prints it: 镇, 街道, 部门, 集团; the tied block last, its number after it."""
    if cut is None:
        return None
    rows: list[Row] = []
    for pick in picks:
        clear = sorted(pick.clear, key=lambda e: group_order.index(e.unit.group))
        rows += _rows([e.unit for e in clear], cut.per_row if not isinstance(cut, NoneClaimed) else 1)
        tied = sorted(pick.tied, key=lambda e: (group_order.index(e.unit.group), e.unit.order))
        if tied:
            length = cut.tied_per_row if isinstance(cut, Places | NoneClaimed) else 1
            block = _rows([e.unit for e in tied], length)
            rows += [*block[:-1], replace(block[-1], tied=len(tied))]
    return BoardList(colour, tuple(rows))


def _rows(units: Sequence[BoardUnit], length: int) -> list[Row]:
    return [Row(tuple(units[start : start + length])) for start in range(0, len(units), length)]


def judged(
    found: BoardList | None, judgements: Iterable[Judgement], units: dict[str, BoardUnit]
) -> BoardList | None:
    """The list after the decisions of people: not printed at all, a unit taken off, a unit put on."""
    for judgement in judgements:
        found = _judged(found, judgement, units)
    return found


def _judged(found: BoardList | None, judgement: Judgement, units: dict[str, BoardUnit]) -> BoardList | None:
    colour = found.colour if found else None
    match judgement.ruling, colour:
        case (Ruling.NO_RED, Colour.RED) | (Ruling.NO_YELLOW, Colour.YELLOW):
            return None
        case (Ruling.OFF_RED, Colour.RED) | (Ruling.OFF_YELLOW, Colour.YELLOW):
            assert found is not None
            return replace(found, rows=_without(found.rows, judgement.unit))
        case Ruling.ON_YELLOW, Colour.YELLOW:
            assert found is not None
            if judgement.unit not in units or units[judgement.unit] in found.units:
                return found
            return replace(found, rows=(*found.rows, Row((units[judgement.unit],))))
        case _:
            return found


def _without(rows: tuple[Row, ...], unit: str) -> tuple[Row, ...]:
    """The rows less one unit; a tie note counts only those that remain, and goes when one is left."""
    kept: list[Row] = []
    block: list[Row] = []
    tied_lengths = _tied_blocks(rows)
    for row, length in zip(rows, tied_lengths, strict=True):
        rest = tuple(u for u in row.units if u.code != unit)
        block.append(Row(rest, row.tied))
        if length and not row.tied:
            continue
        if row.tied:
            left = sum(len(r.units) for r in block)
            block = [replace(r, tied=0) for r in block if r.units]
            if block and left > 1:
                block[-1] = replace(block[-1], tied=left)
        kept += [r for r in block if r.units]
        block = []
    return tuple(kept)


def _tied_blocks(rows: tuple[Row, ...]) -> list[int]:
    """For each row the size of the tied block it belongs to, 0 for none; the note stands on its last row."""
    sizes = [0] * len(rows)
    for end, row in enumerate(rows):
        counted, start = 0, end
        while row.tied and counted < row.tied:
            sizes[start] = row.tied
            counted += len(rows[start].units)
            start -= 1
    return sizes

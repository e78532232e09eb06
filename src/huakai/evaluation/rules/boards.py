"""The whole board from a template, the units, the readings and the decisions of people."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from pydantic import TypeAdapter

from huakai.evaluation.definitions import Board, Cut, Item, NamedList, Ranking, SubItem
from huakai.evaluation.rules import lists, scores
from huakai.evaluation.types import (
    BoardItem,
    BoardList,
    BoardUnit,
    BoardView,
    Cell,
    Colour,
    GroupTitle,
    Judgement,
    ListedItem,
    ListedPart,
    ListedSection,
    Listing,
    Part,
    Reading,
    Section,
    Standing,
    Trouble,
)

Spoken = TypeVar("Spoken")
_adapter: TypeAdapter[BoardView] = TypeAdapter(BoardView)


@dataclass(frozen=True)
class BoardFacts:
    """Everything a board is computed from."""

    board: Board
    period: str
    units: tuple[BoardUnit, ...]
    readings: Mapping[Cell, Reading]
    judgements: tuple[Judgement, ...] = ()


def measured(board: Board, ranking: Ranking, units: Iterable[BoardUnit]) -> list[BoardUnit]:
    """The units compared in a part, in print order: its groups, and the units it names."""
    order = [g.code for g in board.groups]
    chosen = [u for u in units if u.group in ranking.groups or u.code in ranking.units]
    return sorted(chosen, key=lambda u: (order.index(u.group), u.order, u.code))


def board_view(facts: BoardFacts) -> BoardView:
    """The board as it stands; `troubles` lists what a person must settle before it can be frozen."""
    board = facts.board
    parts = {code: _part(facts, code, item, sub, ranking) for code, item, sub, ranking in board.rankings()}
    sections = tuple(
        Section(
            section.code,
            section.title,
            section.title_en,
            tuple(_item(number, item, parts) for number, item in enumerate(section.items, start=1)),
        )
        for section in board.sections
    )
    view = BoardView(
        code=board.code,
        title=board.title,
        title_en=board.title_en,
        period=facts.period,
        source_line=board.source_line,
        source_line_en=board.source_line_en,
        red_title=board.red.title,
        red_title_en=board.red.title_en,
        yellow_title=board.yellow.title,
        yellow_title_en=board.yellow.title_en,
        groups=tuple(GroupTitle(g.code, g.title, g.title_en) for g in board.groups),
        sections=sections,
    )
    return replace(view, troubles=troubles_of(view))


def _item(number: int, item: Item, parts: Mapping[str, Part]) -> BoardItem:
    codes = [f"{item.code}.{sub.code}" for sub in item.sub_items] or [item.code]
    return BoardItem(
        f"{number:02d}",
        item.code,
        item.title,
        item.title_en,
        item.note,
        item.note_en,
        tuple(parts[code] for code in codes),
    )


def _reader(facts: BoardFacts, part: str, unit: str) -> Callable[[str], Reading | None]:
    return lambda component: facts.readings.get(Cell(part, component, unit))


def _part(facts: BoardFacts, code: str, item: Item, sub: SubItem | None, ranking: Ranking) -> Part:
    order = [g.code for g in facts.board.groups]
    direction = lists.direction_of(ranking)
    entrants = [
        lists.Scored(unit, scores.score_of(ranking, _reader(facts, code, unit.code), group=unit.group))
        for unit in measured(facts.board, ranking, facts.units)
    ]
    pools = [lists.ranked(pool, direction) for pool in lists.pools_of(ranking, entrants, order)]
    judgements = tuple(j for j in facts.judgements if j.part == code)
    units = {e.unit.code: e.unit for e in entrants}

    def found(colour: Colour, cut: Cut | None) -> BoardList | None:
        picks = [lists.picked(cut, colour, pool, direction) for pool in pools]
        return lists.judged(lists.printed(colour, cut, picks, order), judgements, units)

    red, yellow = found(Colour.RED, ranking.red), found(Colour.YELLOW, ranking.yellow)
    method = ranking.method
    return Part(
        code=code,
        title=sub.title if sub else "",
        title_en=sub.title_en if sub else "",
        method=method.method,
        direction=direction.better,
        measure=method.measure,
        decimals=0 if isinstance(method, NamedList) else method.decimals,
        standings=tuple(_standing(e, red, yellow) for pool in pools for e in pool),
        red=red,
        yellow=yellow,
        judgements=judgements,
    )


def _standing(entry: lists.Scored, red: BoardList | None, yellow: BoardList | None) -> Standing:
    mark = None
    if yellow is not None and entry.unit in yellow.units:
        mark = Colour.YELLOW
    if red is not None and entry.unit in red.units:
        mark = Colour.RED
    score = entry.score
    return Standing(
        entry.unit, score.value, score.absence, entry.rank, entry.shared, mark, score.inputs, score.undecided
    )


def troubles_of(view: BoardView) -> tuple[Trouble, ...]:
    """Undecided cells, and units that would stand on both lists of one part (V10)."""
    found: list[Trouble] = []
    for _, item, part in view.parts():
        undecided = tuple(s.unit for s in part.standings if s.undecided)
        both = tuple(u for u in part.red.units if u in part.yellow.units) if part.red and part.yellow else ()
        for code, units in (("missing", undecided), ("overlap", both)):
            if units:
                title, title_en = part.title or item.title, part.title_en or item.title_en
                found.append(Trouble(code, part.code, title, title_en, units))
    return tuple(found)


def archived(view: BoardView) -> dict[str, object]:
    """The board as JSON, decimals as text: what a frozen issue stores."""
    content: dict[str, object] = _adapter.dump_python(view, mode="json")
    return content


def restored(content: Mapping[str, object]) -> BoardView:
    """The board an issue stored."""
    return _adapter.validate_python(content)


def listing(view: BoardView, colour: Colour) -> Listing:
    """The red or the yellow list of the whole board."""
    sections: list[ListedSection] = []
    for section in view.sections:
        items: list[ListedItem] = []
        for item in section.items:
            lists_of = [(p.title, p.red if colour is Colour.RED else p.yellow) for p in item.parts]
            parts = tuple(ListedPart(title, found.rows) for title, found in lists_of if found and found.rows)
            if parts:
                items.append(ListedItem(item.no, item.title, item.note, parts))
        if items:
            sections.append(ListedSection(section.title, tuple(items)))
    title = view.red_title if colour is Colour.RED else view.yellow_title
    return Listing(colour, title, tuple(sections))


def in_language(thing: Spoken, language: str) -> Spoken:
    """A board or a part of one with its titles in the reader's language; names of units stay as they are."""
    if not language.startswith("en"):
        return thing
    spoken: Spoken = _spoken(thing)
    return spoken


def _spoken(thing: Any) -> Any:
    if isinstance(thing, tuple):
        return tuple(_spoken(each) for each in thing)
    if not is_dataclass(thing) or isinstance(thing, type):
        return thing
    values = {f.name: _spoken(getattr(thing, f.name)) for f in fields(thing)}
    english = {name: values[f"{name}_en"] for name in values if values.get(f"{name}_en")}
    return replace(thing, **(values | english))


def content_hash(content: Mapping[str, object]) -> str:
    """SHA-256 of the canonical JSON."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def marks_of(view: BoardView, unit: str) -> dict[Colour, int]:
    """How many red and yellow entries a unit has on the whole board."""
    marks = [s.mark for _, _, part in view.parts() for s in part.standings if s.unit.code == unit]
    return {colour: marks.count(colour) for colour in Colour}

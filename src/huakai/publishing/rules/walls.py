"""Pure rules of walls: a board cut into scenes, the matrix of marks, figures as text, mistakes in a wall file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from huakai.evaluation.types import BoardItem, BoardUnit, BoardView, Colour, Listing, Part, Section, Standing
from huakai.kernel.errors import N_
from huakai.packs.types import PackView, Problem
from huakai.publishing.definitions import BoardShow, LiveShow, Wall
from huakai.publishing.types import COUNTERS, BoardWall, Mark, MatrixCell, MatrixHead, MatrixRow, Scene


def problems_of(wall: Wall, view: PackView) -> list[Problem]:
    """A wall shows a board of the pack and groups the board has; counters are ones the platform counts."""
    match wall.show:
        case BoardShow() as show:
            board = view.find("evaluation", show.board)
            if board is None:
                return [
                    Problem("show.board", N_("没有名为“{board}”的榜单模板"), params={"board": show.board})
                ]
            known = {group.code for group in board.groups}
            message = N_("榜单里没有名为 {group} 的分组")
            wrong = [g for g in show.matrix_groups if g not in known]
            return [Problem("show.matrix_groups", message, params={"group": g}) for g in wrong]
        case LiveShow() as show:
            message = N_("平台没有名为 {key} 的计数")
            numbered = enumerate(show.counters)
            unknown = [(n, c.key) for n, c in numbered if c.key not in COUNTERS]
            return [Problem(f"show.counters.{n}.key", message, params={"key": key}) for n, key in unknown]


def board_wall(view: BoardView, listings: Sequence[Listing], show: BoardShow) -> BoardWall:
    """The scenes of a board: every section in turn, at most so many items at a time."""
    scenes = [
        _scene(view, section, items, listings, show)
        for section in view.sections
        for items in _chunks(section.items, show.items_per_scene)
    ]
    return BoardWall(view.title, view.period, view.source_line, tuple(scenes), show.seconds)


def _chunks(items: Sequence[BoardItem], size: int) -> list[tuple[BoardItem, ...]]:
    return [tuple(items[start : start + size]) for start in range(0, len(items), size)]


def _scene(
    view: BoardView,
    section: Section,
    items: Sequence[BoardItem],
    listings: Sequence[Listing],
    show: BoardShow,
) -> Scene:
    red, yellow = (_only(listing, section, items) for listing in listings)
    lit = {item.no for item in items}
    columns = [(item, part) for item in section.items for part in item.parts]
    heads = tuple(MatrixHead(i.no, p.title or i.title, i.no in lit) for i, p in columns)
    units = _units(view, show.matrix_groups)
    rows = tuple(_row(view, unit, columns, lit) for unit in units)
    return Scene(section.title, red, yellow, heads, rows)


def _only(listing: Listing, section: Section, items: Sequence[BoardItem]) -> Listing:
    """The listing of these items of one section."""
    numbers = {item.no for item in items}
    found = [s for s in listing.sections if s.title == section.title]
    kept = [replace(s, items=tuple(i for i in s.items if i.no in numbers)) for s in found]
    return replace(listing, sections=tuple(s for s in kept if s.items))


def _units(view: BoardView, groups: Sequence[str]) -> list[BoardUnit]:
    """The units of the groups, in print order, as far as the board measures them."""
    found = {s.unit.code: s.unit for _, _, part in view.parts() for s in part.standings}
    order = {group: place for place, group in enumerate(groups)}
    return sorted((u for u in found.values() if u.group in order), key=lambda u: (order[u.group], u.order))


def _row(
    view: BoardView, unit: BoardUnit, columns: Iterable[tuple[BoardItem, Part]], lit: set[str]
) -> MatrixRow:
    cells = tuple(MatrixCell(_mark(part, unit), item.no in lit) for item, part in columns)
    marks = [s.mark for _, _, part in view.parts() for s in part.standings if s.unit.code == unit.code]
    return MatrixRow(unit, cells, marks.count(Colour.RED), marks.count(Colour.YELLOW))


def _mark(part: Part, unit: BoardUnit) -> Mark:
    standing = next((s for s in part.standings if s.unit.code == unit.code), None)
    return Mark.OUTSIDE if standing is None else _mark_of(standing)


def _mark_of(standing: Standing) -> Mark:
    match standing.mark:
        case Colour.RED:
            return Mark.RED
        case Colour.YELLOW:
            return Mark.YELLOW
        case None:
            return Mark.ABSENT if standing.score is None else Mark.NONE


def figures_of(values: Mapping[str, int], rate: Decimal | None) -> dict[str, str]:
    """Counters as text: thousands with commas, the rate in percent, a dash where nothing can be divided."""
    figures = {key: f"{value:,}" for key, value in values.items() if key in COUNTERS}
    figures["hours"] = f"{values.get('minutes', 0) // 60:,}"
    figures["rate"] = "–" if rate is None else f"{rate}"
    return figures

"""Scenes of a wall, marks of the matrix, figures as text, mistakes in a wall file."""

from decimal import Decimal
from typing import Any

import pytest

from huakai.evaluation import queries as evaluation
from huakai.packs.types import PackView
from huakai.publishing import rules
from huakai.publishing.definitions import Wall
from huakai.publishing.types import BoardWall, Mark
from tests.factories.evaluation import ELEVEN, lines, made_figures, three_compare, view_of

SHOW = {"kind": "board", "board": "three_compare", "items_per_scene": 5, "matrix_groups": ["town", "street"]}
COUNTER = {"key": "open", "title": "在办", "title_en": "Open", "measure": "件", "measure_en": "orders"}


def _wall(show: dict[str, Any]) -> Wall:
    return Wall.model_validate(
        {"schema_version": 1, "code": "w", "title": "w", "title_en": "w", "show": show}
    )


def _scenes() -> BoardWall:
    view = view_of(made_figures())
    show = _wall(SHOW).show
    assert show.kind == "board"
    return rules.board_wall(view, evaluation.listings(view), show)


def test_a_long_section_is_cut_into_scenes() -> None:
    scenes = _scenes().scenes
    assert [s.title[:4] for s in scenes] == ["项目建设", "经济发展", "经济发展", "重点工作"]
    assert [[h.no for h in s.heads if h.lit] for s in scenes[1:3]] == [
        ["01", "02", "03", "04", "05"],
        ["06", "07", "08", "09", "10"],
    ]


def test_the_scenes_together_hold_every_list_once() -> None:
    view, scenes = view_of(made_figures()), _scenes().scenes
    on_walls = [
        ["、".join(u.name for u in row.units) for row in part.rows]
        for scene in scenes
        for listing in (scene.red, scene.yellow)
        for section in listing.sections
        for item in section.items
        for part in item.parts
    ]
    on_board = [
        ["、".join(u.name for u in row.units) for row in found.rows]
        for _, _, part in view.parts()
        for found in (part.red, part.yellow)
        if found and lines(found)
    ]
    assert sorted(on_walls) == sorted(on_board)


def test_the_matrix_counts_red_and_yellow_over_the_whole_board() -> None:
    rows = {row.unit.name: row for row in _scenes().scenes[1].rows}
    assert tuple(rows) == ELEVEN
    xiwangzhuang = rows["西王庄镇"]
    assert [cell.mark for cell in xiwangzhuang.cells][:7] == [
        Mark.RED,
        Mark.RED,
        Mark.RED,
        Mark.NONE,
        Mark.YELLOW,
        Mark.YELLOW,
        Mark.YELLOW,
    ]
    assert xiwangzhuang.cells[9].mark is Mark.OUTSIDE  # item 10 is borne by a department
    assert (xiwangzhuang.red, xiwangzhuang.yellow) >= (4, 6)


def test_a_unit_without_a_value_is_marked_as_not_reported() -> None:
    view = view_of({})
    show = _wall(SHOW).show
    assert show.kind == "board"
    wall = rules.board_wall(view, evaluation.listings(view), show)
    assert {cell.mark for row in wall.scenes[1].rows for cell in row.cells[:9]} == {Mark.ABSENT}


@pytest.mark.parametrize(("rate", "text"), [(None, "–"), (Decimal("99.65"), "99.65")])
def test_figures_are_text_with_hours_and_rate(rate: Decimal | None, text: str) -> None:
    figures = rules.figures_of({"open": 12345, "minutes": 119, "unknown": 1}, rate)
    assert figures == {"open": "12,345", "minutes": "119", "hours": "1", "rate": text}


@pytest.mark.parametrize(
    ("show", "words"),
    [
        (SHOW, []),
        (SHOW | {"board": "nothing"}, ["nothing"]),
        (SHOW | {"matrix_groups": ["village"]}, ["village"]),
        ({"kind": "live", "counters": [COUNTER]}, []),
        ({"kind": "live", "counters": [COUNTER | {"key": "happiness"}]}, ["happiness"]),
    ],
)
def test_a_wall_shows_only_what_exists(show: dict[str, Any], words: list[str]) -> None:
    board = {("evaluation", "three_compare"): three_compare()}
    view = PackView(pack_code="p", title="p", title_en="p", root_code="370402", models=board)
    found = rules.problems_of(_wall(show), view)
    assert len(found) == len(words)
    assert all(word in p.message.format(**p.params) for word, p in zip(words, found, strict=True))

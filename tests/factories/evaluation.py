"""Boards, units and readings for tests of the evaluation floor."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from huakai.evaluation import services
from huakai.evaluation.definitions import Board
from huakai.evaluation.rules import boards
from huakai.evaluation.types import (
    BoardList,
    BoardUnit,
    BoardView,
    Cell,
    Judgement,
    NewIssue,
    Part,
    Reading,
)
from huakai.registry.models import Unit
from huakai.registry.types import Actor
from huakai.scenarios import figures
from tests.factories import registry as factory

ROOT = Path(__file__).parents[2]
TOWNS = ("齐村镇", "孟庄镇", "税郭镇", "西王庄镇", "永安镇")
STREETS = ("光明路街道", "矿区街道", "龙山路街道", "中心街街道", "文化路街道", "塔塔埠街道")
DEPARTMENTS = (
    "区商务和投资促进局",
    "区住房和城乡建设局",
    "区科学技术局",
    "区发展和改革委员会",
    "区卫生健康局",
    "区市场监督管理局",
    "区文化和旅游局",
    "区民政局",
    "区财政局",
    "区教育和体育局",
    "区委组织部",
    "市中公安分局",
)
COMPANIES = ("惠众民生集团", "泰翔能源集团", "中兴文旅集团", "中安建设集团", "中汇城投集团", "汇泉城建集团")
ELEVEN = TOWNS + STREETS


TOWN_CODES = ("102", "101", "100", "104", "103")
STREET_CODES = ("006", "003", "005", "001", "004", "002")


def _units() -> tuple[BoardUnit, ...]:
    made = [
        BoardUnit(f"370402{code}", name, group, order)
        for group, names, codes in (("town", TOWNS, TOWN_CODES), ("street", STREETS, STREET_CODES))
        for order, (name, code) in enumerate(zip(names, codes, strict=True), 1)
    ]
    made += [BoardUnit(f"370402D{n:02d}", name, "department", n) for n, name in enumerate(DEPARTMENTS, 1)]
    made += [BoardUnit(f"370402G{n:02d}", name, "company", n) for n, name in enumerate(COMPANIES, 1)]
    return tuple(made)


UNITS = _units()
CODES = {u.name: u.code for u in UNITS}


@cache
def three_compare() -> Board:
    """The shipped board of the 1—2月 issue."""
    path = ROOT / "packs/shizhong/evaluation/three_compare.yaml"
    return Board.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def readings(part: str, values: Mapping[str, object], component: str = "") -> dict[Cell, Reading]:
    """Values by unit name, as cells of a part."""
    return {
        Cell(part, component, CODES[name]): value
        if isinstance(value, Reading)
        else Reading(Decimal(str(value)))
        for name, value in values.items()
    }


def view_of(cells: Mapping[Cell, Reading], *judgements: Judgement, board: Board | None = None) -> BoardView:
    """The board computed from these cells."""
    facts = boards.BoardFacts(board or three_compare(), "1—2月", UNITS, cells, judgements)
    return boards.board_view(facts)


def part_of(view: BoardView, code: str) -> Part:
    """A part by its code."""
    return next(part for _, _, part in view.parts() if part.code == code)


def lines(found: BoardList | None) -> list[str]:
    """A list as printed lines: names joined with 、, the tie note after the last."""
    if found is None:
        return []
    return [
        "、".join(u.name for u in r.units) + (f"（{r.tied}个并列）" if r.tied else "") for r in found.rows
    ]


def bulletin() -> dict[str, Any]:
    """The 1—2月 bulletin as transcribed."""
    found: dict[str, Any] = json.loads((ROOT / "examples/shizhong/bulletin-1-2月.json").read_text("utf-8"))
    return found


def made_figures(seed: int = 370402) -> dict[Cell, Reading]:
    """Invented values for every cell; ranking them yields the bulletin."""
    board = three_compare()
    return figures.figures_values(board, UNITS, figures.wanted_of(board, bulletin()), seed=seed)


def stand_units() -> None:
    """Every unit of the board in the registry, in print order, beside those of the cast."""
    for order, unit in enumerate(UNITS, 1):
        row = Unit.objects.filter(code=unit.code).first()
        if row is None:
            row = factory.make_unit(unit.code, name=unit.name, kind=unit.group, group=unit.group)
        row.print_order = order
        row.save(update_fields=["print_order"])


def open_board(by: Actor, now: datetime, period: str = "1—2月") -> UUID:
    """A collecting issue of the board."""
    new = NewIssue("three_compare", period, date(2026, 1, 1), date(2026, 3, 1))
    return services.open_issue(new=new, pack_code="shizhong", by=by, now=now)


def frozen_board(by: Actor, now: datetime) -> UUID:
    """An issue with all figures in, frozen."""
    issue = open_board(by, now)
    services.put_values(issue_id=issue, cells=made_figures(), by=by, now=now)
    services.freeze(issue_id=issue, by=by, now=now)
    return issue

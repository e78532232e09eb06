"""Boards, units and readings for tests of the evaluation floor."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml

from huakai.evaluation.definitions import Board
from huakai.evaluation.rules import boards
from huakai.evaluation.types import BoardList, BoardUnit, BoardView, Cell, Judgement, Part, Reading

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


def _units() -> tuple[BoardUnit, ...]:
    made = [BoardUnit(f"37040210{n}", name, "town", n) for n, name in enumerate(TOWNS)]
    made += [BoardUnit(f"37040200{n}", name, "street", n) for n, name in enumerate(STREETS)]
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

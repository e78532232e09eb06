"""figures-1-2月.xlsx: the workbook of the board, filled with invented values that yield the published bulletin."""

import csv
import json
import sys
from pathlib import Path

import workbook
import yaml

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "src"))

from huakai.evaluation.definitions import Board  # noqa: E402 - the package beside this folder
from huakai.evaluation.rules import workbooks  # noqa: E402
from huakai.evaluation.types import BoardUnit  # noqa: E402
from huakai.scenarios import figures  # noqa: E402

PERIOD = "1—2月"


def units_of(board: Board, folder: Path) -> tuple[BoardUnit, ...]:
    """The board's units from units.csv, in print order."""
    groups = {group.unit_group: group.code for group in board.groups}
    with (folder / "units.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["分组"] in groups]
    rows.sort(key=lambda row: int(row["排序"]))
    return tuple(BoardUnit(row["编码"], row["名称"], groups[row["分组"]], int(row["排序"])) for row in rows)


def write(folder: Path, *, seed: int) -> None:
    """Write the workbook; the same seed writes the same bytes."""
    pack = HERE.parent / "packs" / folder.name / "evaluation" / "three_compare.yaml"
    board = Board.model_validate(yaml.safe_load(pack.read_text(encoding="utf-8")))
    bulletin = json.loads((folder / f"bulletin-{PERIOD.replace('—', '-')}.json").read_text(encoding="utf-8"))
    units = units_of(board, folder)
    values = figures.figures_values(board, units, figures.wanted_of(board, bulletin), seed=seed)
    data = workbooks.template_workbook(board, units, period=PERIOD, fill=values)
    (folder / f"figures-{PERIOD.replace('—', '-')}.xlsx").write_bytes(workbook.still(data))


if __name__ == "__main__":
    write(HERE / "shizhong", seed=370402)

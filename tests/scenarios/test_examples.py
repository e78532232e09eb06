"""The example files: the numbers they must show, invented throughout, and the same bytes on every run."""

import csv
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.architecture.checks import ROOT

EXAMPLE = ROOT / "examples/shizhong"


def rows(name: str) -> list[dict[str, str]]:
    """A CSV of the example."""
    with (EXAMPLE / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def sheet(name: str) -> list[list[str]]:
    """The first sheet of a workbook of the example, without its header."""
    return [
        [str(c) for c in row]
        for row in CalamineWorkbook.from_path(EXAMPLE / name).get_sheet_by_index(0).to_python()
    ][1:]


@pytest.mark.row("SZ-06")
def test_the_tree_has_one_centre_eleven_institutes_and_158_stations() -> None:
    kinds = Counter(row["kind"] for row in rows("places.csv"))
    assert (kinds["centre"], kinds["institute"], kinds["station"], kinds["base"]) == (1, 11, 158, 4)


def test_every_code_is_a_prefix_of_its_childrens() -> None:
    for row in rows("units.csv"):
        assert row["编码"].startswith(row["上级编码"])


def test_there_are_18_district_teams_of_406() -> None:
    levels = Counter(row["级别"] for row in rows("teams.csv"))
    assert levels == {"district": 18, "station": 388}


def test_every_telephone_is_of_the_invented_range_and_names_keep_rare_characters() -> None:
    phones = [row["手机"] for row in rows("posts.csv")] + [row["队长手机"] for row in rows("teams.csv")]
    people = sheet("volunteers.xlsx")
    phones += [row[2] for row in people] + [row[8] for row in sheet("demands.xlsx")]
    assert all(len(phone) == 11 and phone.startswith("1990000") for phone in phones)
    assert set("喆堃昇赟䶮㛃") <= set("".join(row[0] for row in people))


def test_a_second_run_writes_the_same_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "shizhong"
    shutil.copytree(EXAMPLE, folder)
    script = "import generate, pathlib, sys; generate.OUT = pathlib.Path(sys.argv[1]); generate.main()"
    subprocess.run([sys.executable, "-c", script, str(folder)], cwd=ROOT / "examples", check=True)
    changed = [p.name for p in sorted(folder.iterdir()) if p.read_bytes() != (EXAMPLE / p.name).read_bytes()]
    assert changed == []

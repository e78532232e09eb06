"""The invented figures of the 1—2月 issue: ranking them yields the published lists, and they are only figures."""

from decimal import Decimal
from typing import Any

import pytest

from huakai.evaluation.types import BoardList, Cell, Reading
from tests.factories.evaluation import CODES, bulletin, lines, made_figures, part_of, view_of

BULLETIN = bulletin()


def _printed(entry: dict[str, Any]) -> list[str]:
    rows = ["、".join(row) for row in entry["printed_rows"]]
    if entry["tie"]:
        rows[-1] += f"（{entry['tie']['count']}个并列）"
    return rows


def _list_of(view: Any, entry: dict[str, Any]) -> BoardList | None:
    for section, item, part in view.parts():
        same = section.title.startswith(entry["section"]) and item.no == entry["no"]
        if same and part.title == (entry["sub_item"] or ""):
            found: BoardList | None = getattr(part, entry["board"])
            return found
    raise AssertionError(entry)


@pytest.mark.parametrize("seed", [370402, 1, 2])
def test_every_sure_list_of_the_bulletin_comes_out_of_the_ranking(seed: int) -> None:
    view = view_of(made_figures(seed))
    sure = [e for e in BULLETIN["entries"] if e["confidence"] in ("high", "medium")]
    assert len(sure) == 25
    for entry in sure:
        found = lines(_list_of(view, entry))
        if entry["confidence"] == "medium" and entry["board"] == "red":
            assert found[-2:] == _printed(entry)  # the 镇 and 街道 before them are not surely known
        else:
            assert found == _printed(entry), entry["item"]


def test_nothing_is_undecided_and_the_lists_never_meet() -> None:
    assert view_of(made_figures()).troubles == ()


def test_one_changed_value_changes_the_list() -> None:
    cells = made_figures()
    worst = Cell("trade_sales", "", CODES["孟庄镇"])
    before = lines(part_of(view_of(cells), "trade_sales").red)
    after = lines(part_of(view_of(cells | {worst: Reading(Decimal("-99"))}), "trade_sales").red)
    assert before == ["孟庄镇", "矿区街道"]
    assert "孟庄镇" not in after


def test_the_same_seed_makes_the_same_figures() -> None:
    assert made_figures() == made_figures()

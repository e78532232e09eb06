"""The safe vectors V1 to V10 of the 1—2月 issue, and what the printed board owes to missing values."""

from decimal import Decimal

import pytest

from huakai.evaluation.rules import boards
from huakai.evaluation.types import Absence, Cell, Colour, Judgement, Reading, Ruling
from tests.factories.evaluation import CODES, ELEVEN, TOWNS, lines, part_of, readings, view_of

FIRMS = dict.fromkeys(ELEVEN, 0) | {"永安镇": 5, "齐村镇": 3, "孟庄镇": 3, "税郭镇": 3}
SERVICE = dict.fromkeys(ELEVEN, 0) | {"光明路街道": 4, "龙山路街道": 3}
CLAIMS = dict.fromkeys(ELEVEN, 1) | dict.fromkeys(
    ("西王庄镇", "永安镇", "矿区街道", "中心街街道", "文化路街道", "塔塔埠街道"), 0
)
PILOTS = readings("pilots_and_brands", CLAIMS, "claims") | readings(
    "pilots_and_brands", {"光明路街道": 1, "区民政局": 2, "区发展和改革委员会": 1}, "named"
)


@pytest.mark.parametrize(
    ("part", "cells", "red", "yellow"),
    [
        pytest.param(
            "new_industrial_firms",
            readings("new_industrial_firms", FIRMS),
            ["永安镇", "齐村镇、孟庄镇、税郭镇（3个并列）"],
            [
                "西王庄镇、光明路街道",
                "矿区街道、龙山路街道",
                "中心街街道、文化路街道",
                "塔塔埠街道（7个并列）",
            ],
            id="V1-V2",
        ),
        pytest.param(
            "new_service_firms",
            readings("new_service_firms", SERVICE),
            ["光明路街道", "龙山路街道"],
            [
                "齐村镇、孟庄镇",
                "税郭镇、西王庄镇",
                "永安镇、矿区街道",
                "中心街街道、文化路街道",
                "塔塔埠街道（9个并列）",
            ],
            id="V3-V4",
        ),
        pytest.param(
            "pilots_and_brands",
            PILOTS,
            ["光明路街道", "区民政局", "区发展和改革委员会"],
            ["西王庄镇、永安镇", "矿区街道、中心街街道", "文化路街道、塔塔埠街道（6个并列）"],
            id="V5",
        ),
        pytest.param(
            "fixed_investment",
            readings(
                "fixed_investment",
                {n: 10 + k for k, n in enumerate(ELEVEN)} | {"光明路街道": -3, "中心街街道": -2},
            ),
            ["塔塔埠街道", "文化路街道"],
            ["光明路街道", "中心街街道"],
            id="V7",
        ),
        pytest.param(
            "high_tech_investment",
            readings("high_tech_investment", {"区发展和改革委员会": "-0.1"}),
            [],
            ["区发展和改革委员会"],
            id="V8",
        ),
    ],
)
def test_lists_print_as_the_bulletin_did(part, cells, red, yellow) -> None:  # type: ignore[no-untyped-def]
    found = part_of(view_of(cells), part)
    assert lines(found.red) == red
    assert lines(found.yellow) == yellow


def test_v6_a_unit_may_stand_on_both_lists_of_one_issue_in_different_items() -> None:
    cells: dict[Cell, Reading] = {}
    for part in ("fixed_investment", "industrial_projects", "technical_renovation"):
        cells |= readings(part, {n: k for k, n in enumerate(ELEVEN)} | {"西王庄镇": 99})
    for part in ("industrial_value_added", "trade_sales"):
        cells |= readings(part, {n: k for k, n in enumerate(ELEVEN)} | {"西王庄镇": -99})
    assert boards.marks_of(view_of(cells), CODES["西王庄镇"]) == {Colour.RED: 3, Colour.YELLOW: 2}


def test_v9_sub_items_are_ranked_alone_under_one_number() -> None:
    values = {n: 10 + k for k, n in enumerate(ELEVEN)}
    cells = readings("key_projects.growth", values | {"中心街街道": -5, "光明路街道": -4})
    cells |= readings("key_projects.contribution", values | {"矿区街道": -5, "中心街街道": -4})
    view = view_of(cells)
    item = view.sections[0].items[0]
    assert item.no == "01"
    assert [lines(p.yellow) for p in item.parts] == [["中心街街道", "光明路街道"], ["矿区街道", "中心街街道"]]


def test_item_numbers_start_again_in_every_section() -> None:
    assert [[i.no for i in s.items] for s in view_of({}).sections] == [
        ["01", "02"],
        [f"{n:02d}" for n in range(1, 11)],
        ["01", "02"],
    ]


def test_v10_lists_that_would_meet_stop_the_issue_until_a_person_decides() -> None:
    cells = readings("trade_sales", dict.fromkeys(ELEVEN, 7))
    stopped = [t for t in view_of(cells).troubles if t.part == "trade_sales"]
    assert [t.code for t in stopped] == ["overlap"]
    assert len(stopped[0].units) == 11
    decided = view_of(cells, Judgement("trade_sales", Ruling.NO_YELLOW, reason="全部持平"))
    assert not [t for t in decided.troubles if t.part == "trade_sales"]
    assert part_of(decided, "trade_sales").yellow is None


def test_a_unit_at_the_reminder_line_is_not_reminded() -> None:
    found = part_of(
        view_of(readings("high_tech_investment", {"区发展和改革委员会": 0})), "high_tech_investment"
    )
    assert lines(found.yellow) == []


def test_a_missing_value_is_not_zero_and_never_yellow() -> None:
    values: dict[str, object] = {n: k for k, n in enumerate(ELEVEN)}
    values["塔塔埠街道"] = Reading(absence=Absence.LATE)
    found = part_of(view_of(readings("trade_sales", values)), "trade_sales")
    late = next(s for s in found.standings if s.unit.name == "塔塔埠街道")
    assert (late.rank, late.mark, late.absence, late.undecided) == (None, None, Absence.LATE, False)
    assert lines(found.yellow) == ["齐村镇", "孟庄镇"]


def test_a_person_may_put_a_silent_unit_on_the_yellow_list() -> None:
    values: dict[str, object] = {n: k for k, n in enumerate(ELEVEN)}
    values["塔塔埠街道"] = Reading(absence=Absence.MISSING)
    ruling = Judgement("trade_sales", Ruling.ON_YELLOW, CODES["塔塔埠街道"], "两次催报未报")
    found = part_of(view_of(readings("trade_sales", values), ruling), "trade_sales")
    assert lines(found.yellow) == ["齐村镇", "孟庄镇", "塔塔埠街道"]


def test_an_empty_cell_is_undecided() -> None:
    cells = readings("trade_sales", {n: k for k, n in enumerate(TOWNS)})
    missing = [t for t in view_of(cells).troubles if t.part == "trade_sales" and t.code == "missing"]
    assert [u.name for u in missing[0].units] == list(ELEVEN[5:])


def test_taking_a_tied_unit_off_counts_the_note_down() -> None:
    ruling = Judgement("new_industrial_firms", Ruling.OFF_YELLOW, CODES["矿区街道"], "不可抗力")
    found = part_of(view_of(readings("new_industrial_firms", FIRMS), ruling), "new_industrial_firms")
    assert lines(found.yellow)[-1] == "塔塔埠街道（6个并列）"
    assert "矿区街道" not in "".join(lines(found.yellow))


def test_the_note_goes_when_one_tied_unit_is_left() -> None:
    rulings = [
        Judgement("new_industrial_firms", Ruling.OFF_RED, CODES[name], "复核")
        for name in ("齐村镇", "孟庄镇")
    ]
    found = part_of(view_of(readings("new_industrial_firms", FIRMS), *rulings), "new_industrial_firms")
    assert lines(found.red) == ["永安镇", "税郭镇"]


def test_investment_attraction_ranks_each_group_alone_and_reminds_below_the_line() -> None:
    units = (
        "孟庄镇",
        "永安镇",
        "龙山路街道",
        "区商务和投资促进局",
        "区科学技术局",
        "惠众民生集团",
        "泰翔能源集团",
    )
    visits = dict(zip(units, (3, 9, 8, 10, 2, 9, 1), strict=True))
    signed = dict(zip(units, (1, 5, 4, 5, 1, 4, 2), strict=True))
    cells = readings("investment_attraction", visits, "led_visits")
    cells |= readings("investment_attraction", signed, "signed_projects")
    found = part_of(view_of(cells), "investment_attraction")
    assert lines(found.red) == ["永安镇", "龙山路街道", "区商务和投资促进局", "惠众民生集团"]
    assert lines(found.yellow) == ["孟庄镇", "区科学技术局", "泰翔能源集团"]
    best = next(s for s in found.standings if s.unit.name == "惠众民生集团")
    assert best.score == Decimal("84.00")
    assert [(i.weight, i.points) for i in best.inputs] == [
        (Decimal("0.4"), Decimal(90)),
        (Decimal("0.6"), Decimal(80)),
    ]


def test_a_board_survives_the_archive_unchanged() -> None:
    view = view_of(readings("new_industrial_firms", FIRMS) | PILOTS)
    content = boards.archived(view)
    assert boards.restored(content) == view
    assert boards.content_hash(content) == boards.content_hash(boards.archived(boards.restored(content)))


def test_the_board_speaks_english_and_keeps_the_names_of_units() -> None:
    view = boards.in_language(view_of(readings("new_industrial_firms", FIRMS)), "en")
    red = boards.listing(view, Colour.RED)
    assert (red.title, red.sections[0].items[0].title) == (
        "Red list - commended",
        "New larger industrial firms",
    )
    assert red.sections[0].items[0].parts[0].rows[0].units[0].name == "永安镇"


def test_a_unit_is_not_put_on_the_yellow_list_twice() -> None:
    ruling = Judgement("new_industrial_firms", Ruling.ON_YELLOW, CODES["塔塔埠街道"], "x")
    found = part_of(view_of(readings("new_industrial_firms", FIRMS), ruling), "new_industrial_firms")
    assert lines(found.yellow)[-1] == "塔塔埠街道（7个并列）"


def test_one_unit_that_claimed_nothing_is_tied_with_nobody() -> None:
    claims = dict.fromkeys(ELEVEN, 1) | {"永安镇": 0}
    found = part_of(view_of(readings("pilots_and_brands", claims, "claims")), "pilots_and_brands")
    assert lines(found.yellow) == ["永安镇"]

"""The workbook: what is written out reads back; mistakes are named by sheet and line; all of it or nothing."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from openpyxl import Workbook, load_workbook

from huakai.evaluation import imports, queries
from huakai.evaluation.models import Value
from huakai.evaluation.rules import workbooks
from huakai.kernel.errors import RuleBroken
from huakai.kernel.imports import ImportReport
from huakai.registry.types import Actor
from tests.factories.evaluation import (
    ROOT,
    UNITS,
    lines,
    made_figures,
    open_board,
    part_of,
    stand_units,
    three_compare,
)

ECONOMY, PROJECTS = "经济发展“比增幅亮实绩”", "项目建设“比进度亮实效”"


@pytest.fixture
def clerk(actor: Callable[[str], Actor]) -> Actor:
    stand_units()
    return actor("board_clerk")


@pytest.fixture
def issue(clerk: Actor, now: datetime) -> UUID:
    return open_board(clerk, now)


def _book(change: Callable[[Any], None] | None = None) -> bytes:
    """The filled workbook, after a change by hand."""
    data = workbooks.template_workbook(three_compare(), UNITS, period="1—2月", fill=made_figures())
    if change is None:
        return data
    book = load_workbook(BytesIO(data))
    change(book)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _read(issue: UUID, data: bytes, by: Actor, now: datetime, **options: Any) -> ImportReport:
    return imports.import_values(issue_id=issue, data=data, name="figures.xlsx", by=by, now=now, **options)


def test_a_filled_workbook_reads_back_exactly(issue: UUID, clerk: Actor, now: datetime) -> None:
    report = _read(issue, _book(), clerk, now)
    assert report.problems == ()
    assert report.created == len(made_figures())
    read = {cell: reading.value for cell, reading in queries.readings_of(issue).items()}
    assert read == {cell: reading.value for cell, reading in made_figures().items()}


def test_every_value_knows_its_file_sheet_and_line(issue: UUID, clerk: Actor, now: datetime) -> None:
    _read(issue, _book(), clerk, now)
    row = Value.objects.get(issue=issue, part="trade_sales", unit__name="孟庄镇")
    assert (row.source_file, row.source_sheet, row.source_line) == ("figures.xlsx", ECONOMY, 4)


def test_the_same_file_again_changes_nothing(issue: UUID, clerk: Actor, now: datetime) -> None:
    _read(issue, _book(), clerk, now)
    again = _read(issue, _book(), clerk, now)
    assert (again.created, again.updated, again.unchanged) == (0, 0, len(made_figures()))


def test_a_dry_run_tells_and_writes_nothing(issue: UUID, clerk: Actor, now: datetime) -> None:
    report = _read(issue, _book(), clerk, now, dry_run=True)
    assert (report.dry_run, report.created) == (True, len(made_figures()))
    assert not Value.objects.filter(issue=issue).exists()


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (lambda b: b[ECONOMY].cell(5, 3, "三成"), 5, "不是数字"),
        (lambda b: b[ECONOMY].cell(6, 3, 1e18), 6, "超出"),
        (lambda b: b[ECONOMY].cell(7, 1, "370402999"), 7, "没有编码为“370402999”的参评单位"),
        (lambda b: b[ECONOMY].cell(7, 1, b[ECONOMY].cell(6, 1).value), 7, "已在第 6 行出现"),
        (lambda b: b[ECONOMY].cell(2, 3, "no_such"), 2, "没有编码为“no_such”的项目"),
        (lambda b: b[ECONOMY].cell(14, 3, 5), 14, "不参评这一项"),
        (lambda b: b[ECONOMY].cell(2, 1, "x"), 2, "编码行"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_nothing_is_written(
    issue: UUID, clerk: Actor, now: datetime, change: Callable[[Any], None], line: int, words: str
) -> None:
    report = _read(issue, _book(change), clerk, now)
    assert [(p.line, words in p.reason) for p in report.problems] == [(line, True)]
    assert not Value.objects.filter(issue=issue).exists()


def test_words_say_why_there_is_no_value_and_an_empty_cell_says_nothing(
    issue: UUID, clerk: Actor, now: datetime
) -> None:
    def change(book: Any) -> None:
        for row, text in ((3, "未报"), (4, "迟报"), (5, "不适用"), (6, None), (7, "１２．５％")):
            book[ECONOMY].cell(row, 3, text)
        book[ECONOMY].cell(6, 3).value = None

    _read(issue, _book(change), clerk, now)
    rows = {
        v.unit.name: v
        for v in Value.objects.filter(issue=issue, part="fixed_investment").select_related("unit")
    }
    assert [rows[name].absence for name in ("齐村镇", "孟庄镇", "税郭镇")] == [
        "missing",
        "late",
        "not_applicable",
    ]
    assert "西王庄镇" not in rows
    assert rows["永安镇"].value == 12.5


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"not a workbook", "not_a_workbook"),
        (b"", "not_a_workbook"),
        (b"0" * (6 * 1024 * 1024), "file_too_large"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_in_words(
    issue: UUID, clerk: Actor, now: datetime, data: bytes, code: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        _read(issue, data, clerk, now)
    assert refused.value.code == code


def test_a_workbook_of_another_kind_is_refused(issue: UUID, clerk: Actor, now: datetime) -> None:
    stream = BytesIO()
    Workbook().save(stream)
    with pytest.raises(RuleBroken, match="下载模板"):
        _read(issue, stream.getvalue(), clerk, now)


def test_a_workbook_of_another_board_is_refused(issue: UUID, clerk: Actor, now: datetime) -> None:
    other = three_compare().model_copy(update={"code": "other_board"})
    with pytest.raises(RuleBroken, match="other_board"):
        _read(issue, workbooks.template_workbook(other, UNITS), clerk, now)


def test_an_empty_template_is_no_report(issue: UUID, clerk: Actor, now: datetime) -> None:
    report = _read(issue, workbooks.template_workbook(three_compare(), UNITS), clerk, now)
    assert [p.reason for p in report.problems] == ["文件里没有任何数据"]


def test_the_command_line_finds_the_issue_by_the_cover(issue: UUID, clerk: Actor, now: datetime) -> None:
    data = (ROOT / "examples/shizhong/figures-1-2月.xlsx").read_bytes()
    said: list[tuple[int, int]] = []
    report = imports.import_figures(
        data=data, name="f.xlsx", dry_run=False, by=clerk, now=now, progress=lambda *n: said.append(n)
    )
    assert report.created == len(made_figures())
    assert said
    found = part_of(queries.board_view(clerk, issue), "new_industrial_firms")
    assert lines(found.red) == ["永安镇", "齐村镇、孟庄镇、税郭镇（3个并列）"]


def test_the_command_line_says_when_no_issue_is_collecting(clerk: Actor, now: datetime) -> None:
    report = imports.import_figures(data=_book(), name="f.xlsx", dry_run=False, by=clerk, now=now)
    assert "请先建立" in report.problems[0].reason


def test_sheet_names_fit_a_spreadsheet() -> None:
    assert [len(workbooks.sheet_name(s)) <= 31 for s in three_compare().sections] == [True] * 3
    assert workbooks.sheet_name(three_compare().sections[0]) == PROJECTS

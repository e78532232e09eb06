"""demands.xlsx: what a line must say, all or nothing, and the same file twice changes nothing."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from huakai.audit import queries as audit
from huakai.audit.types import Subject
from huakai.cases.imports import COLUMNS
from huakai.cases.models import Case
from huakai.files import services as files
from huakai.kernel.errors import NotAllowed
from huakai.kernel.imports import ImportReport
from huakai.registry.models import Person
from huakai.registry.types import Actor
from tests.cast import COMMUNITY, OTHER_COMMUNITY

Who = Callable[[str], Actor]
HEADER = [
    "外部单号",
    "服务项目",
    "类别",
    "来电人类型",
    "来源",
    "姓名",
    "称谓",
    "手机",
    "区域编码",
    "标题",
    "内容",
    "提交时间",
]
ORDER = [
    "A1",
    "haircut",
    "",
    "resident",
    "hotline",
    "钱七",
    "大娘",
    "19900008001",
    COMMUNITY,
    "",
    "",
    "2026-03-02 09:10",
]
DEMAND = [
    "A2",
    "",
    "道路破损",
    "企呼",
    "窗口登记",
    "孙八",
    "",
    "19900008002",
    COMMUNITY,
    "",
    "厂门口的路坏了",
    "2026-03-03 15:00",
]


def book(*rows: list[str], header: list[str] = HEADER) -> bytes:
    sheet = Workbook()
    assert sheet.active is not None
    for row in (header, *rows):
        sheet.active.append(row)
    out = BytesIO()
    sheet.save(out)
    return out.getvalue()


def load(content: bytes, by: Actor, now: datetime, *, dry_run: bool = False) -> ImportReport:
    return files.run_import(
        kind="demands", content=content, name="demands.xlsx", dry_run=dry_run, by=by, now=now
    )


def changed(row: list[str], **cells: str) -> list[str]:
    names = {
        "key": 0,
        "service": 1,
        "category": 2,
        "channel": 4,
        "name": 5,
        "phone": 7,
        "area": 8,
        "detail": 10,
        "at": 11,
    }
    copy = list(row)
    for name, value in cells.items():
        copy[names[name]] = value
    return copy


def test_rows_become_cases_with_their_own_time_clock_and_record(actor: Who, now: datetime) -> None:
    report = load(book(ORDER, DEMAND), actor("centre_staff"), now)
    assert (report.created, report.unchanged, report.problems) == (2, 0, ())
    order, demand = Case.objects.order_by("opened_at")
    assert (order.service, order.category, order.flow, order.channel) == (
        "haircut",
        "elder_care",
        "volunteer_order",
        "hotline",
    )
    assert order.opened_at == datetime(2026, 3, 2, 1, 10, tzinfo=UTC)
    assert (demand.category, demand.caller_kind, demand.channel) == ("road", "enterprise", "counter")
    assert demand.answer_due_at is not None
    assert [e.name for e in audit.history(Subject("case", str(order.id)))] == ["case.opened"]


def test_the_same_file_again_changes_nothing_whoever_brings_it(actor: Who, now: datetime) -> None:
    load(book(ORDER, DEMAND), actor("centre_staff"), now)
    people = Person.objects.count()
    again = load(book(ORDER, DEMAND, changed(ORDER, key="A3")), actor("centre_staff"), now)
    assert (again.created, again.unchanged) == (1, 2)
    assert (Case.objects.count(), Person.objects.count()) == (3, people)


def test_a_dry_run_counts_and_writes_nothing(actor: Who, now: datetime) -> None:
    report = load(book(ORDER, DEMAND), actor("centre_staff"), now, dry_run=True)
    assert (report.created, report.dry_run, Case.objects.count()) == (2, True, 0)


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        (changed(ORDER, key=""), "外部单号", "必填"),
        (changed(ORDER, service="moon_trip"), "服务项目", "不在目录里"),
        (changed(DEMAND, category=""), "类别", "至少填一个"),
        (changed(DEMAND, detail=""), "内容", "请写明"),
        (changed(ORDER, channel="鸽子"), "来源", "不在目录里"),
        (changed(ORDER, phone="123"), "手机", "11 位"),
        (changed(ORDER, area="999"), "区域编码", "没有编码为 999"),
        (changed(ORDER, at="昨天"), "提交时间", "看不懂"),
        (changed(ORDER, at="2027-01-01"), "提交时间", "将来"),
        (changed(ORDER, name="长" * 31), "姓名", "太长"),
        (ORDER, "外部单号", "与第 2 行重复"),
    ],
)
def test_one_wrong_line_is_named_and_nothing_is_written(
    row: list[str], field: str, words: str, actor: Who, now: datetime
) -> None:
    first = ORDER if row is ORDER else changed(ORDER, key="B1")
    report = load(book(first, row), actor("centre_staff"), now)
    assert (report.problems[0].line, report.problems[0].field) == (3, field)
    assert words in report.problems[0].reason
    assert (report.created, Case.objects.count()) == (0, 0)


def test_an_office_brings_only_its_own_areas(actor: Who, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        load(book(ORDER), actor("street_staff"), now)
    table = files.read_table(book(changed(ORDER, area=OTHER_COMMUNITY)), "x.xlsx", COLUMNS)
    run = files.importer_of("demands").run
    report = run(table=table, dry_run=False, by=actor("street_staff"), now=now, progress=None)
    assert [p.field for p in report.problems] == ["区域编码"]


def test_the_example_file_reads_to_the_last_row(actor: Who, now: datetime) -> None:
    """Only the areas are unknown to the small tree of the cast; every other cell is fine."""
    path = Path(__file__).parents[2] / "examples/shizhong/demands.xlsx"
    report = load(path.read_bytes(), actor("centre_staff"), now, dry_run=True)
    assert report.rows == 410
    assert {p.field for p in report.problems} == {"区域编码"}


def test_what_only_the_pack_can_refuse_is_told_by_line_in_a_dry_run_already(
    actor: Who, now: datetime
) -> None:
    blank = changed(DEMAND, detail="　")
    for dry_run in (True, False):
        report = load(book(ORDER, blank), actor("centre_staff"), now, dry_run=dry_run)
        assert [(p.line, p.field) for p in report.problems] == [(3, "内容")]
        assert Case.objects.count() == 0

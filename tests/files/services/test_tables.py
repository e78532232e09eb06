"""Sheets as offices write them: xlsx or csv, UTF-8 or GB18030, and what is refused."""

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook

from huakai.audit import queries as audit
from huakai.audit.types import Subject
from huakai.files import services
from huakai.files.services import tables
from huakai.kernel import imports
from huakai.kernel.errors import NotFound, RuleBroken
from huakai.kernel.imports import Column, Importer, ImportReport
from huakai.registry.types import SYSTEM
from tests.cast import Cast

COLUMNS = (Column("name", "姓名", "Name", True), Column("phone", "手机", "Phone"))


def _xlsx(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_numbers_and_dates_come_as_people_typed_them() -> None:
    typed = (19900000001, 1.5, date(2026, 1, 31), datetime(2026, 1, 31, 9, 38), True, None)  # noqa: DTZ001
    table = services.read_table(_xlsx(tuple("abcdef"), typed, (*typed[:4], False, "x")))
    said = {"a": "19900000001", "b": "1.5", "c": "2026-01-31", "d": "2026-01-31 09:38"}
    assert table.rows == ((2, {**said, "e": "1", "f": ""}), (3, {**said, "e": "0", "f": "x"}))


def test_line_numbers_are_those_of_the_sheet_and_empty_rows_are_skipped() -> None:
    table = services.read_table(_xlsx((), ("姓名*（必填）", "备注"), (), ("甲", "x")), columns=COLUMNS)
    assert table.header == ("name",)
    assert table.rows == ((4, {"name": "甲"}),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_is_read_in_the_encodings_of_excel_and_wps(encoding: str, delimiter: str) -> None:
    text = delimiter.join(("手机", "Name")) + "\r\n" + delimiter.join(("123", '"甲,\t;乙"')) + "\r\n"
    table = services.read_table(text.encode(encoding), columns=COLUMNS)
    assert table.rows == ((2, {"phone": "123", "name": "甲,\t;乙"}),)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"PK\x03\x04 no sheet", "file_unreadable"),
        (b"\xff\xff\xff\x00", "file_unreadable"),
        (b"a,b\n\x00,1", "file_unreadable"),
        (b"\xff\xff\xff", "file_unreadable"),
        (b'a,b\n"' + b"x" * 140_000 + b'",1', "file_unreadable"),
        ("姓名,Name\n甲,乙".encode(), "column_twice"),
    ],
)
def test_what_is_no_sheet_is_refused_in_words(content: bytes, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        services.read_table(content, columns=COLUMNS)
    assert refused.value.code == code


def test_sheets_have_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 1)
    with pytest.raises(RuleBroken, match="行数太多"):
        services.read_table(b"a\n1\n2")
    monkeypatch.setattr(tables, "MAX_UNPACKED", 10)
    with pytest.raises(RuleBroken, match="解压后太大"):
        services.read_table(_xlsx(("a",)))
    monkeypatch.setattr(tables, "MAX_BYTES", 2)
    with pytest.raises(RuleBroken, match="文件太大"):
        services.read_table(b"a,b")


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x.txt", "x")
    with pytest.raises(RuleBroken, match="打不开"):
        services.read_table(out.getvalue())


def test_a_whole_file_importer_gets_the_bytes(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*, data: bytes, name: str, **rest: object) -> ImportReport:
        return ImportReport(name, len(data), created=1)

    monkeypatch.setitem(imports._importers, "raw", Importer("raw", "x", "x", run, whole_file=True))
    report = services.run_import(kind="raw", content=b"abc", name="f", dry_run=False, by=SYSTEM, now=now)
    assert (report.kind, report.rows) == ("f", 3)
    (event,) = audit.history(Subject("import", "f"))
    assert event.after["created"] == 1


def test_a_template_is_read_back_by_its_own_importer() -> None:
    book = load_workbook(io.BytesIO(services.template_workbook("units", "zh-hans")))
    assert book.worksheets[0]["A1"].value == "编码*"
    table = services.read_table(
        services.template_workbook("units", "en"), columns=services.importer_of("units").columns
    )
    assert table.header == tuple(c.code for c in services.importer_of("units").columns)
    with pytest.raises(NotFound):
        services.importer_of("unicorns")

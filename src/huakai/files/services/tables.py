"""Reads an office's sheet (xlsx, or csv as Excel and WPS write it) as text rows with line numbers."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from huakai.kernel.errors import N_, RuleBroken
from huakai.kernel.imports import Column, Table

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 400 * 1024 * 1024
MAX_ROWS = 200_000
MAX_CELL = 2000
ENCODINGS = ("utf-8-sig", "gb18030")


def read_table(source: Path | bytes, name: str = "", columns: Sequence[Column] = ()) -> Table:
    """The first sheet. With `columns`, headings are turned into codes; unknown headings are left out."""
    content = source.read_bytes() if isinstance(source, Path) else source
    if len(content) > MAX_BYTES:
        raise RuleBroken("file_too_big", N_("文件太大：不超过 {mb} MB"), field="file", mb=MAX_BYTES >> 20)
    if not content.strip():
        raise RuleBroken("file_empty", N_("文件是空的"), field="file")
    rows = _xlsx_rows(content) if content[:2] == b"PK" else _csv_rows(content)
    return _table(rows, columns)


def _xlsx_rows(content: bytes) -> Iterable[Sequence[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise RuleBroken("file_too_big", N_("表格解压后太大"), field="file")
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    except (CalamineError, zipfile.BadZipFile, IndexError, OSError):
        message = N_("表格打不开，请另存为 xlsx 或 csv 后再上传")
        raise RuleBroken("file_unreadable", message, field="file") from None
    return sheet.to_python(skip_empty_area=False)


def _csv_rows(content: bytes) -> Iterable[Sequence[Any]]:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        message = N_("文件编码认不出来，请另存为 UTF-8 或 GB18030 的 csv，或 xlsx")
        raise RuleBroken("file_unreadable", message, field="file")
    if "\x00" in text:
        raise RuleBroken("file_unreadable", N_("表格打不开，请另存为 xlsx 或 csv 后再上传"), field="file")
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        message = N_("表格打不开，请另存为 xlsx 或 csv 后再上传")
        raise RuleBroken("file_unreadable", message, field="file") from None


def _table(rows: Iterable[Sequence[Any]], columns: Sequence[Column]) -> Table:
    """The first row that is not empty holds the headings."""
    names: list[str] = []
    found: list[tuple[int, Mapping[str, str]]] = []
    for line, cells in enumerate(rows, start=1):
        texts = [_text(cell) for cell in cells]
        if not any(texts):
            continue
        if not names:
            names = _codes(texts, columns)
            continue
        if len(found) >= MAX_ROWS:
            raise RuleBroken(
                "too_many_rows", N_("行数太多：不超过 {most} 行，请分开导入"), field="file", most=MAX_ROWS
            )
        found.append((line, {n: t for n, t in zip(names, texts, strict=False) if n}))
    header = tuple(n for n in names if n)
    doubles = {n for n in header if header.count(n) > 1}
    if doubles:
        message = N_("列“{name}”出现了两次")
        raise RuleBroken("column_twice", message, field="file", name=sorted(doubles)[0])
    return Table(header, tuple(found))


def _codes(headings: Sequence[str], columns: Sequence[Column]) -> list[str]:
    if not columns:
        return [h.strip() for h in headings]
    known = {name.casefold(): c.code for c in columns for name in (c.code, c.title, c.title_en)}
    return [known.get(_bare(h).casefold(), "") for h in headings]


def _bare(heading: str) -> str:
    """`手机*（必填）` → `手机`: templates may mark and explain their headings."""
    for sign in ("（", "(", "\n"):
        heading = heading.split(sign, 1)[0]
    return heading.replace("*", "").strip()


def _text(cell: Any) -> str:
    """A cell as people typed it: whole numbers without a decimal point, ISO dates."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e18 else repr(cell)
    if isinstance(cell, datetime):
        return (
            cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="minutes")
        )
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).replace("\x00", "").strip()[:MAX_CELL]

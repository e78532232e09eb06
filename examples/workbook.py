"""Writes an .xlsx whose bytes depend on its cells only: no clock in the archive or the properties."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

STAMP = (2025, 1, 1, 0, 0, 0)


def write(path: Path, title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """One sheet, header in bold and frozen."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    sheet.append(list(header))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(still(buffer.getvalue()))


def still(data: bytes) -> bytes:
    """The same archive with fixed times."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in sorted(source.namelist()):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _fixed_times(content)
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            target.writestr(info, content)
    return out.getvalue()


def _fixed_times(content: bytes) -> bytes:
    text = content.decode()
    stamp = datetime(*STAMP).strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ001 - a constant text
    for tag in ("created", "modified"):
        start = text.index(f"<dcterms:{tag}")
        begin = text.index(">", start) + 1
        end = text.index("<", begin)
        text = text[:begin] + stamp + text[end:]
    return text.encode()

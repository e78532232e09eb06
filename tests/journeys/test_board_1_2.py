"""The board of 1—2月 from the office's workbook to the wall, the print view and the phone (rows SZ-01, SZ-02)."""

import html
import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from huakai.evaluation.models import Issue
from huakai.publishing import services as publishing
from huakai.publishing.types import NewScreen
from huakai.registry.types import Actor
from tests.factories.evaluation import ROOT, bulletin, stand_units

WORKBOOK = ROOT / "examples/shizhong/figures-1-2月.xlsx"
SURE = [entry for entry in bulletin()["entries"] if entry["confidence"] == "high"]
Browser = Callable[[str], Client]
Lists = dict[tuple[str, str, str, str], list[str]]


@pytest.fixture(autouse=True)
def _units(cast: object) -> None:
    stand_units()


def _upload(browser: Client, data: bytes) -> UUID:
    form = {"board": "three_compare", "period": "1—2月", "first_on": "2026-01-01", "last_on": "2026-02-28"}
    assert browser.post("/desk/boards/new/", form).status_code == 302
    issue = Issue.objects.get()
    file = SimpleUploadedFile("figures-1-2月.xlsx", data)
    sent = browser.post(f"/desk/boards/{issue.pk}/collect/", {"file": file, "act": "import"})
    assert sent.status_code == 302
    return issue.pk


def _published(client_of: Browser, data: bytes) -> UUID:
    """Through the pages: upload, freeze, approval by the second person, publication."""
    clerk, approver = client_of("board_clerk"), client_of("board_approver")
    issue = _upload(clerk, data)
    for browser, step in ((clerk, "freeze"), (approver, "approve"), (clerk, "publish")):
        assert browser.post(f"/desk/boards/{issue}/{step}/").status_code == 302, step
    return issue


def _printed(entry: dict[str, Any]) -> list[str]:
    rows = ["、".join(row) for row in entry["printed_rows"]]
    if entry["tie"]:
        rows[-1] += f"（{entry['tie']['count']}个并列）"
    return rows


def _text(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup)).strip()


def _lists(page: str, colour_class: str) -> Lists:
    """Every list a page prints: (colour, section, number, sub-item) → its lines."""
    found: Lists = {}
    for colour in ("red", "yellow"):
        for block in re.findall(colour_class.format(colour=colour), page, re.S):
            section = number = sub = ""
            for kind, body in re.findall(r"<(h3|h4|h5|ul)[^>]*>(.*?)</\1>", block, re.S):
                words = _text(body)
                numbered = re.match(r"(\d\d) ", words)
                if kind == "ul":
                    found[colour, section, number, sub] = [
                        _text(li) for li in re.findall(r"<li>(.*?)</li>", body, re.S)
                    ]
                elif numbered:
                    number, sub = numbered[1], ""
                elif kind == "h3" and "“比" in words:
                    section = words[:4]
                else:
                    sub = words
    return found


def _wall_lists(page: str) -> Lists:
    """The same from the wall, whose scenes carry the section in their label."""
    found: Lists = {}
    panel = r'<div class="s-panel {colour} w-list">(.*?)</div>\s*</div>\s*(?=<div class="s-panel|</div>)'
    for label, scene in re.findall(r'data-scene[^>]*aria-label="([^"]+)">(.*?)</section>', page, re.S):
        for (colour, _, number, sub), rows in _lists(scene, panel).items():
            found[colour, html.unescape(label)[:4], number, sub] = rows
    return found


@pytest.mark.row("SZ-01")
@pytest.mark.row("SZ-02")
def test_the_workbook_becomes_exactly_the_published_lists(
    client_of: Browser, client: Client, actor: Callable[[str], Actor], now: datetime
) -> None:
    issue = _published(client_of, WORKBOOK.read_bytes())
    new = NewScreen("区政务大厅", "three_compare_wall")
    _, token = publishing.create_screen(new=new, pack_code="shizhong", by=actor("admin"), now=now)
    listed = r'<section class="b-list {colour}"(.*?)</section>'
    shown = {
        "print": _lists(client_of("leader").get(f"/desk/boards/{issue}/print/").content.decode(), listed),
        "phone": _lists(client.get(f"/m/boards/{issue}/").content.decode(), listed),
        "wall": _wall_lists(client.get(f"/screen/board/{token}/").content.decode()),
    }
    for place, lists in shown.items():
        for entry in SURE:
            key = (entry["board"], entry["section"], entry["no"], entry["sub_item"] or "")
            assert lists[key] == _printed(entry), (place, key)
    assert shown["print"] == shown["phone"] == shown["wall"]
    assert ("yellow", "重点工作", "02", "") not in shown["print"]
    assert ("red", "经济发展", "10", "") not in shown["print"]


@pytest.mark.row("SZ-01")
def test_a_unit_sees_its_red_and_yellow_of_one_issue(client_of: Browser) -> None:
    issue = _published(client_of, WORKBOOK.read_bytes())
    page = client_of("leader").get(f"/desk/boards/{issue}/units/370402104/").content.decode()
    marks = re.findall(r"(?s)<tr data-row>.*?</tr>", page)
    economy = [row for row in marks if "经济发展" in row]
    assert ["红榜" in row for row in economy][:3] == [True, True, True]
    assert ["黄榜" in row for row in economy][4:6] == [True, True]
    assert "figures-1-2月.xlsx" in page


@pytest.mark.row("SZ-02")
def test_one_changed_value_changes_the_list_and_a_missing_one_stops_the_freeze(client_of: Browser) -> None:
    book = load_workbook(WORKBOOK)
    sheet = book["经济发展“比增幅亮实绩”"]
    row = next(r for r in range(3, 20) if sheet.cell(r, 2).value == "孟庄镇")
    column = next(c for c in range(3, 13) if sheet.cell(2, c).value == "trade_sales")
    sheet.cell(row, column).value = -50
    high_tech = next(c for c in range(3, 13) if sheet.cell(2, c).value == "high_tech_investment")
    bearer = next(r for r in range(3, 20) if sheet.cell(r, 2).value == "区发展和改革委员会")
    sheet.cell(bearer, high_tech).value = None
    stream = BytesIO()
    book.save(stream)
    clerk = client_of("board_clerk")
    issue = _upload(clerk, stream.getvalue())
    refused = clerk.post(f"/desk/boards/{issue}/freeze/")
    assert refused.status_code == 422
    assert "高技术产业投资增幅：区发展和改革委员会" in refused.content.decode()
    typed = {"v-370402D04-value": "3.2"}
    clerk.post(f"/desk/boards/{issue}/values/high_tech_investment/", typed)
    assert clerk.post(f"/desk/boards/{issue}/freeze/").status_code == 302
    page = clerk.get(f"/desk/boards/{issue}/print/").content.decode()
    lists = _lists(page, r'<section class="b-list {colour}"(.*?)</section>')
    assert "孟庄镇" not in lists["red", "经济发展", "06", ""]
    assert lists["yellow", "经济发展", "06", ""][0] == "孟庄镇"
    assert ("yellow", "经济发展", "10", "") not in lists  # above the reminder line: no list at all

"""The panel: every number has its list of that length; period and scope narrow both; exports are recorded."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from huakai.audit import queries as audit
from huakai.audit.types import Subject
from huakai.registry.types import Actor
from tests.cast import COMMUNITY, DEPARTMENT, OTHER_COMMUNITY
from tests.factories.cases import move, open_one

Who = Callable[[str], Actor]
Browser = Callable[[str], Client]


@pytest.fixture
def month(actor: Who, now: datetime) -> None:
    """Five cases: open, closed and cancelled, in two streets, of two kinds of callers, in two months."""
    before = now - timedelta(days=30)
    open_one(actor("resident"), now, key="a")
    open_one(actor("resident"), before, key="b", caller_kind="enterprise")
    road = {"service": "", "category": "road", "detail": "路上有坑"}
    closed = open_one(actor("neighbour"), now, key="c", area_code=OTHER_COMMUNITY, **road)
    move(closed, "assign", actor("centre_staff"), now, unit_code=DEPARTMENT)
    move(closed, "accept", actor("dept_handler"), now)
    move(closed, "finish", actor("dept_handler"), now, result="补好了")
    gone = open_one(actor("resident"), now, key="d", **road)
    move(gone, "cancel", actor("resident"), now, reason="不用了")
    open_one(actor("neighbour"), now, key="e", area_code=OTHER_COMMUNITY)


def numbers_of(page: str) -> list[tuple[str, int]]:
    """(address, number) of every figure that is a link."""
    cells = re.findall(r'<td class="num"><a href="([^"]+)">([\d,]+)</a>', page)
    kpis = re.findall(
        r'<a href="([^"]+)"\s*class="kpi[^"]*">.*?<strong>\s*<span[^>]*>([\d,]+)</span>', page, re.DOTALL
    )
    return [(url.replace("&amp;", "&"), int(n.replace(",", ""))) for url, n in cells + kpis]


@pytest.mark.usefixtures("month")
@pytest.mark.parametrize("by", ["area", "category", "caller", "channel", "tag"])
@pytest.mark.parametrize("role", ["centre_staff", "street_staff"])
def test_every_number_opens_a_list_of_that_length(by: str, role: str, client_of: Browser) -> None:
    client = client_of(role)
    found = numbers_of(client.get(f"/desk/panel/?by={by}").content.decode())
    assert len(found) >= 8
    assert any(number for _url, number in found)
    for url, number in found:
        page = client.get(url).content.decode()
        assert f'<span class="count">{number:,}</span>' in page, url
        assert page.count("<tr data-row") == number, url


@pytest.mark.usefixtures("month")
def test_the_rate_is_computed_and_a_month_narrows(client_of: Browser) -> None:
    client = client_of("centre_staff")
    assert "20.00" in client.get("/desk/panel/").content.decode()
    march = client.get("/desk/panel/?month=2026-03").content.decode()
    assert "25.00" in march
    assert "until=2026-04-01" in march
    one_day = client.get("/desk/panel/?from=2026-02-08&to=2026-02-08").content.decode()
    assert ("status=open" in one_day, "until=2026-02-09" in one_day) == (True, True)
    assert numbers_of(one_day)[-4][1] == 1


@pytest.mark.usefixtures("month")
def test_odd_periods_and_slices_are_answered_calmly(client_of: Browser) -> None:
    client = client_of("centre_staff")
    for query in (
        "month=2026-13",
        "from=x&to=9999-12-31",
        "by=moon",
        "area=370402'",
        "tag=none",
        "month=0000-01",
    ):
        assert client.get(f"/desk/panel/?{query}").status_code == 200, query


@pytest.mark.usefixtures("month")
def test_files_hold_masked_rows_and_stand_in_the_record(client_of: Browser) -> None:
    client = client_of("centre_staff")
    answer = client.get(f"/desk/cases/export/?list=panel&area={COMMUNITY[:9]}")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.values)
    assert len(rows) == 4
    assert {row[4] for row in rows[1:]} == {"王**"}
    assert isinstance(rows[1][0], int)
    panel = load_workbook(BytesIO(client.get("/desk/panel/export/?by=caller").content)).active
    assert panel is not None
    assert list(panel.values)[-1][1:6] == (5, 1, 1, 3, 1)
    exports = audit.history(Subject("export", "cases.list"))
    assert (exports[-1].name, exports[-1].after["rows"]) == ("case.exported", 3)


@pytest.mark.parametrize("role", ["station_staff", "dept_handler", "leader"])
def test_who_may_not_export_does_not(role: str, client_of: Browser) -> None:
    assert client_of(role).get("/desk/cases/export/").status_code == 403
    assert client_of(role).get("/desk/panel/export/").status_code == 403


def test_residents_see_no_panel(client_of: Browser) -> None:
    assert client_of("resident").get("/desk/panel/").status_code == 403


@pytest.mark.usefixtures("month")
def test_a_department_counts_what_it_is_responsible_for(client_of: Browser) -> None:
    found = numbers_of(client_of("dept_handler").get("/desk/panel/?by=category").content.decode())
    assert sorted(number for url, number in found if "status" not in url and "tab" not in url) == [1, 1]

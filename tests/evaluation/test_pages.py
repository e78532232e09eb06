"""The desk pages of a board: one happy path per page, one stranger refused, one bad input."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from huakai.evaluation import services
from huakai.evaluation.models import Decision, Issue, Value
from huakai.evaluation.rules import workbooks
from huakai.registry.types import Actor
from tests.cast import STREET
from tests.factories.evaluation import (
    ELEVEN,
    UNITS,
    frozen_board,
    made_figures,
    open_board,
    readings,
    stand_units,
    three_compare,
)

Browser = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _units(cast: object) -> None:
    stand_units()


@pytest.fixture
def clerk(actor: Callable[[str], Actor]) -> Actor:
    return actor("board_clerk")


@pytest.fixture
def issue(clerk: Actor, now: datetime) -> UUID:
    return open_board(clerk, now)


def _file(data: bytes | None = None) -> SimpleUploadedFile:
    data = data or workbooks.template_workbook(three_compare(), UNITS, period="1—2月", fill=made_figures())
    return SimpleUploadedFile("figures.xlsx", data)


def _said(response: object) -> str:
    text: str = response.content.decode()  # type: ignore[attr-defined]
    return text


def test_the_list_is_empty_in_words_and_then_shows_the_issue(
    client_of: Browser, clerk: Actor, now: datetime
) -> None:
    browser = client_of("board_clerk")
    assert "还没有榜单" in _said(browser.get("/desk/boards/"))
    issue = open_board(clerk, now)
    assert f"/desk/boards/{issue}/" in _said(browser.get("/desk/boards/"))


def test_an_issue_is_opened_on_the_page(client_of: Browser) -> None:
    form = {"board": "three_compare", "period": "1—2月", "first_on": "2026-01-01", "last_on": "2026-02-28"}
    response = client_of("board_clerk").post("/desk/boards/new/", form)
    assert response.status_code == 302
    assert str(Issue.objects.get().ends_on) == "2026-03-01"


@pytest.mark.parametrize(
    ("change", "words"),
    [({"last_on": "2025-01-01"}, "不能早于"), ({"period": ""}, "period"), ({"board": "x"}, "board")],
)
def test_a_bad_opening_keeps_the_input(client_of: Browser, change: dict[str, str], words: str) -> None:
    form = {
        "board": "three_compare",
        "period": "一季度",
        "first_on": "2026-01-01",
        "last_on": "2026-02-28",
    } | change
    response = client_of("board_clerk").post("/desk/boards/new/", form)
    assert response.status_code == 422
    assert words in _said(response)
    assert "2026-01-01" in _said(response)


def test_opening_the_same_issue_twice_says_so_beside_the_field(client_of: Browser, issue: UUID) -> None:
    form = {"board": "three_compare", "period": "1—2月", "first_on": "2026-01-01", "last_on": "2026-02-28"}
    response = client_of("board_clerk").post("/desk/boards/new/", form)
    assert response.status_code == 422
    assert "已经建立" in _said(response)


def test_a_workbook_is_checked_first_and_then_imported(client_of: Browser, issue: UUID) -> None:
    browser, address = client_of("board_clerk"), f"/desk/boards/{issue}/collect/"
    checked = browser.post(address, {"file": _file(), "act": "check"})
    assert "检查通过" in _said(checked)
    assert not Value.objects.exists()
    assert browser.post(address, {"file": _file(), "act": "import"}).status_code == 302
    assert Value.objects.count() == len(made_figures())


def test_a_workbook_with_a_mistake_shows_line_and_reason(client_of: Browser, issue: UUID) -> None:
    book = load_workbook(_file())
    book["经济发展“比增幅亮实绩”"].cell(5, 3, "三成")
    stream = BytesIO()
    book.save(stream)
    address = f"/desk/boards/{issue}/collect/"
    response = client_of("board_clerk").post(address, {"file": _file(stream.getvalue()), "act": "import"})
    assert response.status_code == 422
    assert "不是数字" in _said(response)
    assert not Value.objects.exists()


@pytest.mark.parametrize(
    ("sent", "words"), [({}, "请选择填好"), ({"file": SimpleUploadedFile("x.xlsx", b"x")}, "不是")]
)
def test_no_file_or_a_wrong_one_is_said_beside_the_field(
    client_of: Browser, issue: UUID, sent: dict[str, object], words: str
) -> None:
    response = client_of("board_clerk").post(f"/desk/boards/{issue}/collect/", sent)
    assert response.status_code == 422
    assert words in _said(response)


def test_the_template_downloads_empty_or_with_what_is_reported(
    client_of: Browser, issue: UUID, clerk: Actor, now: datetime
) -> None:
    services.put_values(issue_id=issue, cells=dict(readings("trade_sales", {"孟庄镇": 7})), by=clerk, now=now)
    browser, address = client_of("board_clerk"), f"/desk/boards/{issue}/workbook/"
    empty, filled = (load_workbook(BytesIO(browser.get(a).content)) for a in (address, f"{address}?filled=1"))
    sheet = "经济发展“比增幅亮实绩”"
    assert [book[sheet].cell(4, 8).value for book in (empty, filled)] == [None, 7]


def test_values_are_typed_into_a_table(client_of: Browser, issue: UUID) -> None:
    browser, address = client_of("board_clerk"), f"/desk/boards/{issue}/values/trade_sales/"
    assert "孟庄镇" in _said(browser.get(address))
    form = {f"v-{STREET}-value": "3.5", "v-370402101-value": "未报"}
    assert browser.post(address, form).status_code == 302
    assert set(Value.objects.values_list("value", "absence")) == {(3.5, ""), (None, "missing")}
    assert "3.5" in _said(browser.get(address))


def test_a_cell_nobody_understands_keeps_everything_and_saves_nothing(
    client_of: Browser, issue: UUID
) -> None:
    form = {f"v-{STREET}-value": "3.5", "v-370402101-value": "很多"}
    response = client_of("board_clerk").post(f"/desk/boards/{issue}/values/trade_sales/", form)
    assert response.status_code == 422
    assert "很多" in _said(response)
    assert "3.5" in _said(response)
    assert not Value.objects.exists()


def test_a_street_sees_and_fills_only_its_own_row(client_of: Browser, issue: UUID) -> None:
    browser, address = client_of("street_staff"), f"/desk/boards/{issue}/values/trade_sales/"
    page = _said(browser.get(address))
    assert "塔塔埠街道" in page
    assert "孟庄镇" not in page
    assert browser.post(address, {f"v-{STREET}-value": "1"}).status_code == 302
    assert browser.get(f"/desk/boards/{issue}/table/").status_code == 403


def test_the_freeze_page_lists_what_must_be_settled(
    client_of: Browser, issue: UUID, clerk: Actor, now: datetime
) -> None:
    browser, address = client_of("board_clerk"), f"/desk/boards/{issue}/freeze/"
    assert "还没有数据" in _said(browser.get(address))
    refused = browser.post(address)
    assert refused.status_code == 422
    cells = dict(made_figures()) | readings("trade_sales", dict.fromkeys(ELEVEN, 1))
    services.put_values(issue_id=issue, cells=dict(cells), by=clerk, now=now)
    assert "同时进入红榜和黄榜" in _said(browser.get(address))


def test_a_decision_is_made_and_taken_back_on_the_page(client_of: Browser, issue: UUID) -> None:
    browser, address = client_of("board_clerk"), f"/desk/boards/{issue}/decide/"
    form = {"part": "trade_sales", "ruling": "no_yellow", "unit": "", "reason": "全部持平"}
    assert "怎样处理" in _said(browser.get(f"{address}?part=trade_sales"))
    assert browser.post(address, form | {"reason": ""}).status_code == 422
    assert browser.post(address, form | {"ruling": "hang"}).status_code == 422
    assert browser.post(address, form).status_code == 302
    assert "全部持平" in _said(browser.get(f"/desk/boards/{issue}/freeze/"))
    assert browser.post(f"/desk/boards/{issue}/undo/", form).status_code == 302
    assert not Decision.objects.exists()
    assert browser.get(f"{address}?part=nothing").status_code == 404


def test_an_issue_is_withdrawn_with_a_reason(client_of: Browser, clerk: Actor, now: datetime) -> None:
    issue = frozen_board(clerk, now)
    browser, address = client_of("board_approver"), f"/desk/boards/{issue}/withdraw/"
    assert browser.post(address, {"reason": ""}).status_code == 422
    assert browser.post(address, {"reason": "数据有误"}).status_code == 302
    assert Issue.objects.get().state == "collecting"


@pytest.mark.parametrize("page", ["", "collect/", "freeze/", "publish/", "table/", "print/", "withdraw/"])
@pytest.mark.parametrize("state", ["collecting", "frozen"])
def test_every_page_of_an_issue_opens(
    client_of: Browser, clerk: Actor, now: datetime, page: str, state: str
) -> None:
    issue = frozen_board(clerk, now) if state == "frozen" else open_board(clerk, now)
    assert client_of("board_clerk").get(f"/desk/boards/{issue}/{page}").status_code == 200


@pytest.mark.parametrize("page", ["", "table/", "print/", "publish/"])
def test_who_does_not_belong_to_the_district_learns_nothing(
    client_of: Browser, issue: UUID, page: str
) -> None:
    assert client_of("resident").get(f"/desk/boards/{issue}/{page}").status_code == 403


def test_the_clerk_is_not_offered_the_approval(client_of: Browser, clerk: Actor, now: datetime) -> None:
    issue = frozen_board(clerk, now)
    assert client_of("board_clerk").get(f"/desk/boards/{issue}/approve/").status_code == 403
    assert "审核通过" in _said(client_of("board_approver").get(f"/desk/boards/{issue}/approve/"))


def test_the_unit_page_shows_both_colours_and_the_working(
    client_of: Browser, clerk: Actor, now: datetime
) -> None:
    issue = frozen_board(clerk, now)
    page = _said(client_of("leader").get(f"/desk/boards/{issue}/units/370402104/"))
    assert "西王庄镇" in page
    assert "权重 0.4" in page
    assert client_of("leader").get(f"/desk/boards/{issue}/units/999/").status_code == 404


def test_residents_read_published_boards_only(
    client: Client, actor: Callable[[str], Actor], clerk: Actor, now: datetime
) -> None:
    issue = frozen_board(clerk, now)
    assert client.get(f"/m/boards/{issue}/").status_code == 404
    assert "还没有发布" in _said(client.get("/m/boards/"))
    services.approve(issue_id=issue, by=actor("board_approver"), now=now)
    services.publish(issue_id=issue, by=clerk, now=now)
    assert str(issue) in _said(client.get("/m/boards/"))
    page = _said(client.get(f"/m/boards/{issue}/"))
    assert "（7个并列）" in page
    assert "来源于市中区大督查落实委员会办公室" in page


def test_the_list_costs_the_same_queries_for_one_issue_and_for_five(
    client_of: Browser, clerk: Actor, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = client_of("board_clerk")
    open_board(clerk, now)
    browser.get("/desk/boards/")
    for month in range(3, 7):
        open_board(clerk, now, f"1—{month}月")
    with django_assert_max_num_queries(8):
        browser.get("/desk/boards/")


def test_an_issue_page_costs_few_queries_however_many_values(
    client_of: Browser, clerk: Actor, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser, issue = client_of("board_clerk"), frozen_board(clerk, now)
    browser.get(f"/desk/boards/{issue}/")
    with django_assert_max_num_queries(16):
        browser.get(f"/desk/boards/{issue}/table/")

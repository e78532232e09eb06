"""The staff desk in Chromium: dispatch by keyboard, the loop of a demand, axe, origin, weight, narrow windows."""

import gzip
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect

from huakai.cases.models import Assignment, Case
from huakai.cases.types import Taker, TakerKind
from huakai.matching import services as matching
from huakai.registry.types import Actor
from tests.browser.conftest import WatchedPage
from tests.cast import DEPARTMENT, Cast
from tests.factories.cases import move, open_one

pytestmark = pytest.mark.browser
Desk = Callable[..., WatchedPage]
Who = Callable[[str], Actor]
MAX_KB = 120


@pytest.fixture
def cases(cast: Cast, actor: Who, now: datetime) -> dict[str, UUID]:
    """Cases in the states the desk shows."""
    road = {"service": "", "category": "road", "detail": "路上有坑，晚上看不见"}
    made = {}
    for minutes, name in enumerate(("repair", "demand", "older", "offered", "done")):
        wish = road if name == "demand" else {}
        at = now - timedelta(minutes=minutes)
        made[name] = open_one(actor("resident"), at, key=name, **wish)
    for name in ("repair", "older"):
        matching.propose(case_id=made[name], cause="test:1", now=now)
    volunteer = Taker(TakerKind.PERSON, cast["volunteer"].person_id)
    for name in ("offered", "done"):
        move(made[name], "offer", actor("street_staff"), now, taker=volunteer)
    move(made["done"], "accept", actor("volunteer"), now)
    move(made["done"], "finish", actor("volunteer"), now, result="修好了", minutes=50)
    return made


def addresses(cases: dict[str, UUID]) -> list[str]:
    return [
        "/desk/",
        "/desk/?tab=unanswered",
        f"/desk/cases/{cases['repair']}/",
        f"/desk/cases/{cases['demand']}/",
        f"/desk/cases/{cases['done']}/",
        f"/desk/cases/{cases['demand']}/moves/cancel/",
        f"/desk/cases/{cases['demand']}/contact/",
        f"/desk/dispatch/{cases['repair']}/",
        "/desk/order/",
        "/desk/panel/?by=area",
        "/desk/panel/cases/?status=open",
        "/desk/flows/",
        "/desk/flows/volunteer_order/",
    ]


def settled(desk: WatchedPage, address: str) -> None:
    desk.go(address)
    desk.page.wait_for_load_state("networkidle")


@pytest.mark.parametrize(("width", "language"), [(1440, ""), (1440, "en"), (390, "")])
def test_desk_pages_are_accessible_stay_at_home_and_fit(
    width: int, language: str, cases: dict[str, UUID], page_for: Desk
) -> None:
    desk = page_for("centre_staff", width=width, height=900, language=language)
    for address in addresses(cases):
        settled(desk, address)
        assert desk.violations() == [], address
        assert desk.watch.outside == [], address
        assert desk.watch.complaints == [], address
        assert not desk.is_wider_than_its_window(), address


def test_the_desk_weighs_little(cases: dict[str, UUID], page_for: Desk) -> None:
    desk = page_for("centre_staff", width=1440)
    for address in addresses(cases)[:4]:
        settled(desk, address)
        packed = sum(len(gzip.compress(a.body())) for a in desk.watch.answers if a.status == 200)
        assert packed < MAX_KB * 1024, f"{address}: {packed} bytes"


def test_an_order_is_dispatched_from_the_keyboard_alone(cases: dict[str, UUID], page_for: Desk) -> None:
    desk = page_for("station_staff", width=1440, height=900)
    settled(desk, "/desk/?tab=waiting")
    page = desk.page
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#pane h2").first).to_contain_text("家电小修")
    expect(page).to_have_url(f"{desk.watch.origin}/desk/cases/{cases['repair']}/?tab=waiting")
    expect(page.locator("#proposals .recommend.first")).to_be_visible()
    page.keyboard.press("d")
    expect(page.locator("#toast")).to_contain_text("已派出")
    assert Assignment.objects.filter(case=cases["repair"], state="offered").count() == 1
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.press("Tab")
    page.keyboard.press("?")
    page.locator("body").click(position={"x": 700, "y": 5})
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()


def test_a_demand_is_assigned_answered_and_finished_in_sheets(cases: dict[str, UUID], page_for: Desk) -> None:
    case_id = cases["demand"]
    centre = page_for("centre_staff", width=1440, height=900)
    page = centre.go(f"/desk/cases/{case_id}/")
    page.select_option("#assign-unit", DEPARTMENT)
    page.locator("form.assign button").click()
    expect(page.locator("#toast")).to_contain_text("派发")
    handler = page_for("dept_handler", width=1440, height=900)
    page = handler.go(f"/desk/cases/{case_id}/")
    page.get_by_role("button", name="受理").click()
    page.wait_for_url("**/desk/cases/**")
    page.get_by_role("link", name="办结", exact=True).click()
    sheet = page.locator("#sheet")
    sheet.locator("button.primary").click()
    expect(sheet).to_contain_text("请写一句办理结果")
    sheet.locator("textarea[name=result]").fill("坑已补好")
    sheet.locator("button.primary").click()
    expect(page.locator("#toast")).to_contain_text("办结")
    assert Case.objects.get(pk=case_id).result_text == "坑已补好"


def test_a_number_is_seen_in_the_sheet_and_gone_after_it(cases: dict[str, UUID], page_for: Desk) -> None:
    desk = page_for("street_staff", width=1440, height=900)
    page = desk.go(f"/desk/cases/{cases['demand']}/")
    page.get_by_role("link", name="查看号码").click()
    page.locator("#sheet input[name=reason]").fill("电话约时间")
    page.locator("#sheet button.primary").click()
    expect(page.locator("#sheet")).to_contain_text("19900000001")
    page.keyboard.press("Escape")
    assert "19900000001" not in page.content()


def test_the_list_and_a_case_work_without_scripts(cases: dict[str, UUID], page_for: Desk) -> None:
    desk = page_for("centre_staff", width=1440, height=900, scripts=False)
    page = desk.go("/desk/?tab=waiting")
    page.locator("tr[data-row] a").nth(1).click()
    expect(page.locator("#pane h2").first).to_contain_text("路上有坑")
    page.select_option("#assign-unit", DEPARTMENT)
    page.locator("form.assign button").click()
    assert Case.objects.get(pk=cases["demand"]).lead_unit_code == DEPARTMENT

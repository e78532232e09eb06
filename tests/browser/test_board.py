"""The board in Chromium: desk, phone and wall are accessible, stay at home, fit their window, weigh little."""

import gzip
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from playwright.sync_api import Route, expect

from huakai.evaluation import services
from huakai.publishing import services as publishing
from huakai.publishing.types import NewScreen
from huakai.registry.types import Actor
from tests.browser.conftest import WatchedPage
from tests.factories.evaluation import ELEVEN, made_figures, open_board, readings, stand_units

pytestmark = pytest.mark.browser
Open = Callable[..., WatchedPage]
Who = Callable[[str], Actor]
SCREEN_KB, FONT_KB, DESK_KB, PHONE_KB = 320, 1200, 120, 60
STREAM = 'retry: 60000\n\ndata: {"open": "3"}\n\n'


@pytest.fixture
def issues(transactional_db: None, cast: object, actor: Who, now: datetime) -> dict[str, UUID]:
    """A published issue, and one in which the lists meet."""
    stand_units()
    clerk = actor("board_clerk")
    made = {"published": open_board(clerk, now), "collecting": open_board(clerk, now, "1—3月")}
    for issue in made.values():
        services.put_values(issue_id=issue, cells=made_figures(), by=clerk, now=now)
    meeting = dict(readings("trade_sales", dict.fromkeys(ELEVEN, 1)))
    services.put_values(issue_id=made["collecting"], cells=meeting, by=clerk, now=now)
    services.freeze(issue_id=made["published"], by=clerk, now=now)
    services.approve(issue_id=made["published"], by=actor("board_approver"), now=now)
    services.publish(issue_id=made["published"], by=clerk, now=now)
    return made


def _screen(actor: Who, now: datetime, wall: str) -> str:
    new = NewScreen("大厅", wall)
    return publishing.create_screen(new=new, pack_code="shizhong", by=actor("admin"), now=now)[1]


def _desk_addresses(issues: dict[str, UUID]) -> list[str]:
    published, collecting = (f"/desk/boards/{issues[key]}" for key in ("published", "collecting"))
    return [
        "/desk/boards/",
        "/desk/boards/new/",
        f"{published}/",
        f"{published}/table/",
        f"{published}/print/",
        f"{published}/units/370402104/",
        f"{collecting}/",
        f"{collecting}/collect/",
        f"{collecting}/values/investment_attraction/",
        f"{collecting}/freeze/",
        f"{collecting}/decide/?part=trade_sales",
    ]


def _check(shown: WatchedPage, address: str) -> None:
    shown.go(address)
    assert shown.violations() == [], address
    assert shown.watch.outside == [], address
    assert shown.watch.complaints == [], address
    assert not shown.is_wider_than_its_window(), address


@pytest.mark.parametrize(
    ("width", "mode", "language"), [(1440, "elder", ""), (320, "std", "en"), (390, "xl", "")]
)
def test_the_desk_pages_of_a_board(
    issues: dict[str, UUID], page_for: Open, width: int, mode: str, language: str
) -> None:
    desk = page_for("board_clerk", width=width, height=900, mode=mode, language=language)
    for address in _desk_addresses(issues):
        _check(desk, address)
    _check(page_for("admin", width=width, mode=mode, language=language), "/desk/screens/")


@pytest.mark.parametrize(("mode", "language"), [("std", "en"), ("elder", ""), ("xl", "")])
def test_the_phone_pages_of_a_board(
    issues: dict[str, UUID], page_for: Open, mode: str, language: str
) -> None:
    phone = page_for("", width=320, height=700, mode=mode, language=language)
    for address in ("/m/boards/", f"/m/boards/{issues['published']}/"):
        _check(phone, address)


def test_board_pages_weigh_little(issues: dict[str, UUID], page_for: Open) -> None:
    for role, address, limit in (
        ("board_clerk", f"/desk/boards/{issues['published']}/", DESK_KB),
        ("", f"/m/boards/{issues['published']}/", PHONE_KB),
    ):
        shown = page_for(role, width=1440)
        shown.go(address)
        shown.page.wait_for_load_state("networkidle")
        packed = sum(len(gzip.compress(a.body())) for a in shown.watch.answers if a.status == 200)
        assert packed < limit * 1024, f"{address}: {packed} bytes"


def _wall(page_for: Open, address: str, width: int, height: int, language: str = "") -> WatchedPage:
    """A wall; the live server cannot stream, so the stream is played to it."""
    wall = page_for("", width=width, height=height, language=language)

    def play(route: Route) -> None:
        route.fulfill(status=200, content_type="text/event-stream", body=STREAM)

    wall.page.route("**/events/", play)
    wall.go(address)
    wall.page.evaluate("() => document.fonts.ready")
    return wall


@pytest.mark.parametrize(("width", "height", "language"), [(1920, 1080, "en"), (3840, 2160, "")])
def test_every_scene_of_the_wall_fits_its_panels(
    issues: dict[str, UUID], page_for: Open, actor: Who, now: datetime, width: int, height: int, language: str
) -> None:
    token = _screen(actor, now, "three_compare_wall")
    wall = _wall(page_for, f"/screen/board/{token}/", width, height, language)
    for scene in range(4):
        spilling = wall.page.evaluate(
            """() => [...document.querySelectorAll("[data-on] .w-items, [data-on] .s-panel")]
              .filter((e) => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1)
              .map((e) => e.className)"""
        )
        assert spilling == [], scene
        assert wall.violations() == [], scene
        wall.page.keyboard.press("ArrowRight")
    assert wall.watch.outside == []
    assert wall.watch.complaints == []
    assert wall.page.context.cookies() == [
        c for c in wall.page.context.cookies() if c["name"].startswith("huakai")
    ]


def test_the_live_wall_shows_what_the_stream_says(
    transactional_db: None, cast: object, page_for: Open, actor: Who, now: datetime
) -> None:
    wall = _wall(page_for, f"/screen/live/{_screen(actor, now, 'live_counters')}/", 1920, 1080)
    expect(wall.page.locator('[data-live="open"]')).to_have_text("3")
    assert wall.violations() == []
    assert not wall.is_wider_than_its_window()


def test_a_board_is_collected_and_frozen_without_scripts(
    issues: dict[str, UUID], page_for: Open, actor: Who, now: datetime
) -> None:
    desk = page_for("board_clerk", width=1440, scripts=False)
    page = desk.go(f"/desk/boards/{issues['collecting']}/freeze/")
    page.get_by_role("link", name="作出决定 限上贸易销售额（营业额）增幅").first.click()
    page.select_option("#f-ruling", "no_yellow")
    page.fill("#f-reason", "全部持平，不提醒")
    page.get_by_role("button", name="记录决定").click()
    page.get_by_role("button", name="冻结").click()
    expect(page.locator(".board-now")).to_contain_text("已冻结")

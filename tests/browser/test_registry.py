"""Sign-in, one's own page and the registry's desk in Chromium: axe, origin, console, narrow windows, no script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from tests.browser.conftest import WatchedPage
from tests.cast import COMMUNITY, STREET, Cast

pytestmark = pytest.mark.browser
Open = Callable[..., WatchedPage]


def _hold(page: WatchedPage, address: str) -> None:
    page.go(address)
    assert page.violations() == [], address
    assert page.watch.outside == [], address
    assert page.watch.complaints == [], address
    assert not page.is_wider_than_its_window(), address


@pytest.mark.parametrize(("mode", "language"), [("std", ""), ("elder", ""), ("xl", "en")])
def test_phone_pages_hold_in_three_modes(page_for: Open, mode: str, language: str) -> None:
    visitor = page_for("", width=320, mode=mode, language=language)
    for address in ("/signin/", "/signin/?tab=staff"):
        _hold(visitor, address)
    mine = page_for("volunteer", width=320, mode=mode, language=language)
    for address in ("/m/me/", "/m/volunteer/"):
        _hold(mine, address)


@pytest.mark.parametrize(("width", "language"), [(1440, ""), (390, "en")])
def test_desk_pages_hold_wide_and_narrow(cast: Cast, page_for: Open, width: int, language: str) -> None:
    desk = page_for("centre_staff", width=width, height=900, language=language)
    for address in (
        "/desk/units/",
        f"/desk/units/{STREET}/",
        "/desk/units/new/",
        "/desk/people/",
        f"/desk/people/{cast['resident'].person_id}/",
        "/desk/teams/",
        f"/desk/teams/{cast.team_id}/",
        "/desk/teams/new/",
        "/desk/import/",
        "/desk/import/?kind=volunteers",
    ):
        _hold(desk, address)
    manager = page_for("admin", width=width, height=900, language=language)
    for address in ("/desk/users/", "/desk/users/new/", f"/desk/users/{cast['street_staff'].account_id}/"):
        _hold(manager, address)


def test_a_stranger_signs_in_and_volunteers_without_scripts(
    cast: Cast, page_for: Open, settings: Settings
) -> None:
    settings.DEMO = True
    phone = page_for("", scripts=False).go("/m/volunteer/")
    phone.get_by_label("手机号").fill("19900000015")
    phone.get_by_role("button", name="获取验证码").click()
    code = phone.locator("p.note strong").inner_text()
    phone.get_by_label("验证码").fill(code)
    phone.get_by_role("button", name="登录", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("志愿者登记")
    phone.get_by_label("所在村（社区）").select_option(COMMUNITY)
    phone.get_by_label("理发").check()
    phone.get_by_role("button", name="登记成为志愿者").click()
    expect(phone.locator("main")).to_contain_text("志愿者 · 可接单")

"""The phone pages in Chromium: the loop by taps, axe in three modes, weight, origin, narrow windows."""

import gzip
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from playwright.sync_api import expect

from huakai.cases import queries as cases
from huakai.cases.models import Case
from huakai.cases.types import Taker, TakerKind
from huakai.ledger import queries as ledger
from huakai.ledger.types import Owner, OwnerKind
from huakai.registry.types import Actor
from tests.browser.conftest import WatchedPage
from tests.cast import Cast
from tests.factories.cases import move, open_one

pytestmark = pytest.mark.browser
Phone = Callable[..., WatchedPage]
Who = Callable[[str], Actor]
MAX_KB, MAX_REQUESTS = 60, 6


@pytest.fixture
def orders(cast: Cast, actor: Who, now: datetime) -> dict[str, UUID]:
    """An order in every state a phone page shows."""
    volunteer = Taker(TakerKind.PERSON, cast["volunteer"].person_id)
    made = {}
    for name in ("open", "offered", "doing", "done", "team"):
        made[name] = open_one(actor("resident"), now, key=name)
    for name in ("offered", "doing", "done"):
        move(made[name], "offer", actor("street_staff"), now, taker=volunteer)
    for name in ("doing", "done"):
        move(made[name], "accept", actor("volunteer"), now)
    move(made["done"], "finish", actor("volunteer"), now, result="修好了", minutes=50)
    team = Taker(TakerKind.TEAM, cast.team_id)
    move(made["team"], "offer", actor("street_staff"), now, taker=team)
    move(made["team"], "accept", actor("team_leader"), now)
    return made


def pages_of(orders: dict[str, UUID]) -> dict[str, list[str]]:
    """Every phone page of the case engine and the ledger, by who looks."""
    return {
        "": ["/m/", "/m/take/", "/m/place/"],
        "resident": [
            "/m/?category=nothing",
            "/m/place/?under=370402002",
            "/m/order/haircut/",
            "/m/say/",
            "/m/orders/",
            f"/m/orders/{orders['open']}/ordered/",
            f"/m/orders/{orders['doing']}/",
            f"/m/orders/{orders['done']}/",
            f"/m/orders/{orders['open']}/cancel/",
        ],
        "volunteer": [
            "/m/take/",
            f"/m/take/{orders['open']}/",
            "/m/tasks/",
            f"/m/tasks/{orders['offered']}/",
            f"/m/tasks/{orders['doing']}/",
            "/m/hours/",
        ],
        "team_leader": [f"/m/tasks/{orders['team']}/"],
    }


def kilobytes(seen: WatchedPage) -> float:
    """What the page weighs as a server sends it: static files compressed, pages as they are."""
    total = 0
    for answer in seen.watch.answers:
        body = answer.body() if answer.status == 200 else b""
        total += len(gzip.compress(body)) if "/static/" in answer.url else len(body)
    return total / 1024


@pytest.mark.parametrize("mode", ["std", "elder", "xl"])
def test_every_phone_page_is_accessible_light_and_fits_a_narrow_phone(
    mode: str, page_for: Phone, orders: dict[str, UUID]
) -> None:
    troubles = []
    for role, paths in pages_of(orders).items():
        phone = page_for(role, width=320, mode=mode)
        for path in paths:
            phone.go(path)
            troubles += [f"{path}: {line}" for line in phone.violations()]
            troubles += [f"{path}: leaves for {url}" for url in phone.watch.outside]
            troubles += [f"{path}: console: {line}" for line in phone.watch.complaints]
            if phone.is_wider_than_its_window():
                troubles.append(f"{path}: scrolls sideways")
            if kilobytes(phone) > MAX_KB or len(phone.watch.asked) > MAX_REQUESTS:
                troubles.append(f"{path}: {kilobytes(phone):.0f} KB in {len(phone.watch.asked)} requests")
    assert troubles == []


def test_english_in_large_letters_fits_too(page_for: Phone, orders: dict[str, UUID]) -> None:
    for role, paths in pages_of(orders).items():
        phone = page_for(role, width=320, mode="elder", language="en")
        for path in paths:
            phone.go(path)
            assert not phone.is_wider_than_its_window(), path


def test_an_order_walks_from_two_taps_to_its_rating(
    page_for: Phone, cast: Cast, actor: Who, now: datetime
) -> None:
    open_one(actor("resident"), now, key="before", service="legal_advice")  # her address is known from it
    resident = page_for("resident").go("/m/")
    resident.get_by_role("link", name="点单 上门理发").click()
    sheet = resident.locator("#sheet .sheet")
    expect(sheet.get_by_label("上门地址")).to_have_value("3栋2单元401")
    sheet.get_by_role("button", name="确认点单").dblclick()
    expect(sheet.get_by_role("heading", name="点单成功")).to_be_visible()
    order = Case.objects.get(service="haircut")
    expect(sheet).to_contain_text(str(order.number))

    move(
        order.id,
        "offer",
        actor("street_staff"),
        now,
        taker=Taker(TakerKind.PERSON, cast["volunteer"].person_id),
    )
    helper = page_for("volunteer").go("/m/tasks/")
    helper.get_by_role("link", name="上门理发").click()
    helper.get_by_role("button", name="接单", exact=True).click()
    helper.get_by_role("button", name="查看电话和地址").click()
    expect(helper.locator("#contact")).to_contain_text("19900000001")
    helper.get_by_label("做了什么，结果怎样？").fill("理好了，老人很满意")
    helper.get_by_label("服务了多少分钟？").fill("45")
    helper.get_by_role("button", name="办结", exact=True).click()
    expect(helper.locator("#toast")).to_contain_text("时长和积分已记入")

    sheet.get_by_role("link", name="查看进度").click()
    expect(resident.get_by_role("heading", name="请您评一评")).to_be_visible()
    resident.get_by_role("button", name="提交评价").click()
    expect(resident.locator("#rate .error").first).to_contain_text("请点选一到五颗星")
    resident.locator("label[for=star-5]").click()
    resident.get_by_role("button", name="提交评价").click()
    expect(resident.locator("#rate")).to_contain_text("★★★★★")

    card = cases.card(actor("resident"), order.id, now=now)
    assert (card.row.status, card.row.stars, card.minutes_served) == ("closed", 5, 45)
    assert ledger.balance(Owner(OwnerKind.PERSON, cast["volunteer"].person_id)).minutes == 45


def test_a_broken_network_is_told_and_the_input_kept(page_for: Phone, cast: Cast) -> None:
    phone = page_for("resident")
    page = phone.go("/m/")
    page.locator(".service .btn").first.click()
    sheet = page.locator("#sheet .sheet")
    sheet.get_by_label("上门地址").fill("5栋1单元")
    page.context.set_offline(True)
    sheet.get_by_role("button", name="确认点单").click()
    expect(page.locator("#toast")).to_contain_text("网络较慢")
    expect(sheet.get_by_label("上门地址")).to_have_value("5栋1单元")
    page.context.set_offline(False)
    assert not Case.objects.exists()


def test_the_sheet_itself_is_accessible_and_closes_by_key(page_for: Phone, cast: Cast) -> None:
    phone = page_for("resident", mode="elder")
    page = phone.go("/m/")
    page.locator(".service .btn").first.click()
    expect(page.locator("#sheet .sheet")).to_be_visible()
    assert phone.violations() == []
    page.keyboard.press("Escape")
    expect(page.locator("#sheet .sheet")).to_have_count(0)


def test_without_scripts_the_order_works_by_plain_pages(page_for: Phone, cast: Cast) -> None:
    phone = page_for("resident", scripts=False)
    page = phone.go("/m/")
    page.get_by_role("link", name="点单 上门理发").click()
    page.get_by_label("上门地址").fill("3栋2单元401")
    page.get_by_role("button", name="确认点单").click()
    expect(page.get_by_role("heading", name="点单成功")).to_be_visible()

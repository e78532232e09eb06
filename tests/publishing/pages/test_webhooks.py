"""The desk pages of webhooks: add with the secret shown once, pause and resume, the dead-letter screen."""

import re
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from django.test import Client

from huakai.publishing import services
from huakai.publishing.models import Letter, Peer
from huakai.publishing.types import LetterState
from huakai.registry.types import Actor
from tests.cast import DISTRICT
from tests.factories.publishing import add_peer

Browser = Callable[[str], Client]
FORM = {
    "name": "市 12345 平台",
    "url": "https://city.example/hooks?key=1",
    "area_code": DISTRICT,
    "events": ["case.opened", "case.closed"],
}


@pytest.fixture
def dead(actor: Callable[[str], Actor], now: datetime) -> tuple[str, list[UUID]]:
    """The address of a peer with two dead letters, and their ids."""
    admin = actor("admin")
    peer, _ = add_peer(admin, now)
    letters = [services.send_test(peer_id=peer, by=admin, now=now) for _ in range(2)]
    Letter.objects.update(
        state=LetterState.DEAD, tries=10, next_try_at=None, trouble="too_slow", last_status=None
    )
    return f"/desk/webhooks/{peer}/", letters


def test_an_empty_list_says_what_this_is_for(client_of: Browser) -> None:
    assert "还没有对接系统" in client_of("admin").get("/desk/webhooks/").content.decode()


def test_a_peer_is_added_and_its_secret_shown_once(client_of: Browser) -> None:
    browser = client_of("admin")
    page = browser.post("/desk/webhooks/", FORM).content.decode()
    secret = re.findall(r"whsec_[A-Za-z0-9+/=]{40,}", page)
    assert len(secret) == 1
    listed = browser.get("/desk/webhooks/").content.decode()
    assert "市 12345 平台" in listed
    assert "city.example" in listed
    assert "whsec_" not in listed
    assert "key=1" not in listed


def test_what_is_wrong_stands_beside_its_field_and_the_rest_is_kept(client_of: Browser) -> None:
    browser = client_of("admin")
    response = browser.post("/desk/webhooks/", FORM | {"url": "http://city.example/"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "只能用 https:// 地址" in page
    assert 'value="case.closed" checked' in page
    assert "请至少选择一种事件" in browser.post("/desk/webhooks/", FORM | {"events": []}).content.decode()


def test_pause_resume_test_and_new_secret(client_of: Browser) -> None:
    browser = client_of("admin")
    browser.post("/desk/webhooks/", FORM)
    address = f"/desk/webhooks/{Peer.objects.get().pk}/"
    assert browser.post(address, {"act": "test"}).status_code == 302
    assert "测试" in browser.get(address).content.decode()
    assert "请写明为什么暂停" in browser.post(address, {"act": "pause"}).content.decode()
    browser.post(address, {"act": "pause", "reason": "对方检修"})
    assert "对方检修" in browser.get(address).content.decode()
    browser.post(address, {"act": "resume"})
    assert "已暂停" not in browser.get(address).content.decode()
    assert "whsec_" in browser.post(address, {"act": "rotate"}).content.decode()
    assert browser.post(address, {"act": "dance"}).status_code == 422


def test_dead_letters_are_counted_shown_and_all_tried_again(
    client_of: Browser, dead: tuple[str, list[UUID]]
) -> None:
    browser, (address, _) = client_of("admin"), dead
    assert f"{address}?state=dead" in browser.get("/desk/webhooks/").content.decode()
    page = browser.get(f"{address}?state=dead").content.decode()
    assert page.count("对方没有按时答复") == 2
    answer = browser.post(f"{address}?state=dead", {"act": "retry_dead"})
    assert answer["Location"] == f"{address}?state=dead"
    assert "没有未送达的消息" in browser.get(answer["Location"]).content.decode()
    assert set(Letter.objects.values_list("state", flat=True)) == {"waiting"}


def test_one_dead_letter_is_tried_again_and_another_skipped(
    client_of: Browser, dead: tuple[str, list[UUID]]
) -> None:
    browser, (address, (first, second)) = client_of("admin"), dead
    browser.post(address, {"act": "retry", "letter": str(first)})
    refused = browser.post(address, {"act": "skip", "letter": str(second)})
    assert refused.status_code == 422
    assert "请写明为什么跳过" in refused.content.decode()
    browser.post(address, {"act": "skip", "letter": str(second), "reason": "对方已另行知悉"})
    assert list(Letter.objects.order_by("seq").values_list("state", flat=True)) == ["waiting", "skipped"]
    assert "对方已另行知悉" in browser.get(f"{address}?state=skipped").content.decode()
    assert browser.post(address, {"act": "retry", "letter": "x"}).status_code == 404


def test_the_page_is_also_in_english(client_of: Browser, dead: tuple[str, list[UUID]]) -> None:
    browser = client_of("admin")
    browser.cookies["huakai_language"] = "en"
    page = browser.get(f"{dead[0]}?state=dead").content.decode()
    assert "Retry all" in page
    assert "No answer in time" in page


@pytest.mark.parametrize("role", ["street_staff", "centre_staff", "auditor", "stranger"])
def test_others_see_and_do_nothing(client_of: Browser, dead: tuple[str, list[UUID]], role: str) -> None:
    browser = client_of(role)
    assert browser.get("/desk/webhooks/").status_code == 403
    assert browser.post(dead[0], {"act": "retry_dead"}).status_code == 403
    assert set(Letter.objects.values_list("state", flat=True)) == {"dead"}

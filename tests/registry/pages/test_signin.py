"""Signing in and out through the page."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from pytest_django import Settings

from huakai.registry import services
from huakai.registry.types import SYSTEM
from tests.cast import Cast

ClientOf = Callable[[str], Client]
PASSWORD = "a-long-password-1"


@pytest.fixture
def admin(cast: Cast, now: datetime, settings: Settings) -> int:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    person = cast["admin"].person_id
    return services.create_account(person_id=person, username="admin", password=PASSWORD, by=SYSTEM, now=now)


def _staff(client: Client, password: str = PASSWORD, **more: str) -> object:
    return client.post("/signin/", {"act": "password", "username": "admin", "password": password, **more})


def test_staff_sign_in_and_come_back_to_where_they_wanted(admin: int, client: Client) -> None:
    answer = _staff(client, next="/desk/units/")
    assert answer.status_code == 302  # type: ignore[attr-defined]
    assert answer["Location"] == "/desk/units/"  # type: ignore[index]
    assert client.get("/desk/units/").status_code == 200


def test_the_session_key_changes_and_the_old_one_is_worthless(admin: int, client: Client) -> None:
    client.get("/signin/")
    session = client.session
    session["x"] = 1
    session.save()
    old = client.cookies["sessionid"].value
    _staff(client)
    assert client.cookies["sessionid"].value != old
    assert client.session.get_expiry_age() <= 12 * 3600


@pytest.mark.parametrize("wanted", ["//evil.example/", "https://evil.example/", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site(admin: int, client: Client, wanted: str) -> None:
    assert _staff(client, next=wanted)["Location"] == "/desk/"  # type: ignore[index]


def test_a_wrong_password_is_said_beside_the_field_and_the_name_is_kept(admin: int, client: Client) -> None:
    answer = _staff(client, "wrong")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    text = answer.content.decode()  # type: ignore[attr-defined]
    assert "用户名或密码不对" in text
    assert 'value="admin"' in text
    assert "wrong" not in text.split("用户名或密码不对")[1].split("</form>")[0].split("<input")[1]


def test_a_resident_signs_in_with_a_code_shown_in_demonstration_mode(
    cast: Cast, client: Client, settings: Settings
) -> None:
    settings.DEMO = True
    sent = client.post("/signin/", {"act": "send", "phone": "19900000001", "next": "/m/me/"})
    code = sent.context["shown_code"]
    wrong = client.post("/signin/", {"act": "verify", "phone": "19900000001", "code": "x"})
    assert wrong.status_code == 422
    done = client.post("/signin/", {"act": "verify", "phone": "19900000001", "code": code, "next": "/m/me/"})
    assert done["Location"] == "/m/me/"
    assert "199****0001" in client.get("/m/me/").content.decode()


def test_outside_demonstration_mode_no_code_stands_on_the_page(
    cast: Cast, client: Client, settings: Settings
) -> None:
    settings.DEMO = False
    sent = client.post("/signin/", {"act": "send", "phone": "19900000001"})
    assert sent.status_code == 422
    assert "没有开通短信登录" in sent.content.decode()
    assert "演示环境" not in sent.content.decode()


def test_a_wrong_phone_is_said_beside_the_field(cast: Cast, client: Client) -> None:
    answer = client.post("/signin/", {"act": "send", "phone": "12"})
    assert answer.status_code == 422
    assert "11 位数字" in answer.content.decode()


def test_the_tab_follows_where_one_wants_to_go(cast: Cast, client: Client, client_of: ClientOf) -> None:
    assert client.get("/signin/?next=/desk/").context["tab"] == "staff"
    assert client.get("/signin/?next=/m/me/").context["tab"] == "phone"
    assert client.get("/signin/?tab=staff").context["tab"] == "staff"
    assert client_of("resident").get("/signin/")["Location"] == "/m/me/"


def test_signing_out_ends_the_session_and_needs_a_post(client_of: ClientOf) -> None:
    browser = client_of("resident")
    assert browser.get("/signout/").status_code == 405
    assert browser.post("/signout/")["Location"] == "/signin/"
    assert browser.get("/m/me/").status_code == 302

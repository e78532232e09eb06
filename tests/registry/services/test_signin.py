"""Sign-in: the growing wait, and one-time codes that end."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from huakai.kernel.errors import RuleBroken
from huakai.registry import client, queries, services
from huakai.registry.models import Account, OneTimeCode, SignInAttempt
from huakai.registry.types import SYSTEM
from tests.cast import Cast

PASSWORD = "a-long-password-1"
PHONE = "19900000001"


class Mailbox:
    """A sender that keeps what it sends."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send(self, phone: str, code: str) -> str:
        self.sent.append((phone, code))
        return code


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    client.install(box)
    yield box
    client.uninstall(box)


@pytest.fixture
def staff(cast: Cast, now: datetime, settings: Settings) -> int:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    person = cast["admin"].person_id
    return services.create_account(person_id=person, username="Admin", password=PASSWORD, by=SYSTEM, now=now)


def _try(password: str, now: datetime, *, name: str = "admin", address: str = "10.0.0.1") -> int:
    return services.check_password(username=name, password=password, address=address, now=now)


def test_the_right_password_lets_in_whatever_the_case_of_the_name(staff: int, now: datetime) -> None:
    assert _try(PASSWORD, now, name=" ADMIN ") == staff


def test_wrong_tries_make_the_next_wait_even_with_the_right_password(staff: int, now: datetime) -> None:
    for _ in range(5):
        with pytest.raises(RuleBroken, match="不对"):
            _try("wrong", now)
    with pytest.raises(RuleBroken, match="30 秒"):
        _try(PASSWORD, now)
    assert _try(PASSWORD, now + timedelta(seconds=30)) == staff
    with pytest.raises(RuleBroken, match="不对"):
        _try("wrong", now + timedelta(seconds=31))


def test_the_wait_doubles_and_is_said_in_minutes(staff: int, now: datetime) -> None:
    at = now
    for wait in (0, 0, 0, 0, 0, 30, 60, 120):
        at += timedelta(seconds=wait)
        with pytest.raises(RuleBroken, match="不对"):
            _try("wrong", at)
    with pytest.raises(RuleBroken, match="4 分钟"):
        _try(PASSWORD, at)


def test_an_address_that_guesses_many_names_waits_too(staff: int, now: datetime) -> None:
    for n in range(20):
        with pytest.raises(RuleBroken, match="不对"):
            _try("wrong", now, name=f"nobody{n}")
    with pytest.raises(RuleBroken, match="30 秒"):
        _try(PASSWORD, now)
    assert _try(PASSWORD, now, address="10.0.0.2") == staff


def test_a_closed_or_phone_only_account_is_not_told_from_an_unknown_one(staff: int, now: datetime) -> None:
    Account.objects.filter(pk=staff).update(is_active=False)
    with pytest.raises(RuleBroken, match="用户名或密码不对"):
        _try(PASSWORD, now)
    with pytest.raises(RuleBroken, match="用户名或密码不对"):
        _try(PASSWORD, now, name="")


def test_attempts_hold_no_name_and_no_address(staff: int, now: datetime) -> None:
    with pytest.raises(RuleBroken):
        _try("wrong", now)
    assert all(len(a.key_hash) == 64 for a in SignInAttempt.objects.all())


def _request(now: datetime, phone: str = PHONE) -> str:
    return services.request_code(phone=phone, address="10.0.0.1", now=now)


def test_a_code_lets_its_phone_in_once(cast: Cast, mailbox: Mailbox, now: datetime) -> None:
    assert _request(now) == ""
    ((phone, code),) = mailbox.sent
    assert phone == PHONE
    assert code not in OneTimeCode.objects.get().code_hash
    assert services.verify_code(phone=PHONE, code=code, now=now) == cast["resident"].account_id
    with pytest.raises(RuleBroken, match="过期"):
        services.verify_code(phone=PHONE, code=code, now=now)


def test_a_code_ends_after_five_minutes(cast: Cast, mailbox: Mailbox, now: datetime) -> None:
    _request(now)
    with pytest.raises(RuleBroken, match="过期"):
        services.verify_code(phone=PHONE, code=mailbox.sent[0][1], now=now + timedelta(minutes=5))


def test_a_code_bears_five_tries(cast: Cast, mailbox: Mailbox, now: datetime) -> None:
    _request(now)
    code = mailbox.sent[0][1]
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(4):
        with pytest.raises(RuleBroken, match="不对"):
            services.verify_code(phone=PHONE, code=wrong, now=now)
    with pytest.raises(RuleBroken, match="次数太多"):
        services.verify_code(phone=PHONE, code=wrong, now=now)
    with pytest.raises(RuleBroken, match="次数太多"):
        services.verify_code(phone=PHONE, code=code, now=now)


def test_only_the_newest_code_counts(cast: Cast, mailbox: Mailbox, now: datetime) -> None:
    _request(now)
    _request(now + timedelta(seconds=1))
    old, new = (code for _, code in mailbox.sent)
    if old != new:
        with pytest.raises(RuleBroken):
            services.verify_code(phone=PHONE, code=old, now=now + timedelta(seconds=2))
    assert services.verify_code(phone=PHONE, code=new, now=now + timedelta(seconds=2))


def test_a_phone_gets_five_codes_an_hour(cast: Cast, mailbox: Mailbox, now: datetime) -> None:
    for minute in range(5):
        _request(now + timedelta(minutes=minute))
    with pytest.raises(RuleBroken, match="55 分钟"):
        _request(now + timedelta(minutes=5))
    assert _request(now + timedelta(minutes=61)) == ""
    assert len(mailbox.sent) == 6


def test_one_address_cannot_spend_messages_without_end(cast: Cast, mailbox: Mailbox, now: datetime) -> None:
    for n in range(60):
        _request(now, phone=f"138{n:08d}")
    with pytest.raises(RuleBroken, match="网络地址"):
        _request(now, phone="13900000000")


def test_a_new_phone_becomes_a_person_with_an_account(cast: Cast, mailbox: Mailbox, now: datetime) -> None:
    _request(now, "13900000001")
    account = services.verify_code(phone="13900000001", code=mailbox.sent[0][1], now=now)
    actor = queries.actor_of_account(account, now)
    assert actor.display == "139****0001"
    assert actor.roles == ("resident",)
    assert not Account.objects.get(pk=account).has_usable_password()


def test_a_closed_account_is_told_so_after_the_right_code(
    cast: Cast, mailbox: Mailbox, now: datetime
) -> None:
    Account.objects.filter(pk=cast["resident"].account_id).update(is_active=False)
    _request(now)
    with pytest.raises(RuleBroken, match="停用"):
        services.verify_code(phone=PHONE, code=mailbox.sent[0][1], now=now)


def test_a_wrong_phone_gets_no_code(cast: Cast, mailbox: Mailbox, now: datetime) -> None:
    with pytest.raises(RuleBroken, match="11 位"):
        _request(now, "123")
    assert mailbox.sent == []


def test_the_code_is_shown_on_the_page_in_demonstration_mode_only(
    cast: Cast, mailbox: Mailbox, now: datetime, settings: Settings
) -> None:
    settings.DEMO = False
    assert _request(now) == ""
    client.uninstall(mailbox)
    settings.DEMO = True
    assert len(_request(now)) == 6
    client.install(mailbox)


def test_without_a_gateway_nobody_is_told_a_code_was_sent(
    cast: Cast, now: datetime, settings: Settings
) -> None:
    settings.DEMO = False
    with pytest.raises(RuleBroken, match="没有开通短信"):
        _request(now)


def test_attempts_and_codes_are_forgotten_after_a_day(staff: int, mailbox: Mailbox, now: datetime) -> None:
    _request(now)
    with pytest.raises(RuleBroken):
        _try("wrong", now)
    assert services.forget_attempts(now=now + timedelta(hours=24)) == 0
    assert services.forget_attempts(now=now + timedelta(hours=24, minutes=6)) == 4

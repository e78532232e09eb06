"""Sign-in: passwords with a growing wait, one-time codes for phones. Failures are kept even though we refuse."""

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import hashers
from django.db import connection, transaction

from huakai.kernel.errors import N_, RuleBroken
from huakai.kernel.ids import new_id
from huakai.registry import client, queries, rules
from huakai.registry.models import Account, OneTimeCode, SignInAttempt
from huakai.registry.queries import sealed
from huakai.registry.services.people import find_or_make_person, plain_phone, record_of_person
from huakai.registry.types import SYSTEM, Actor

CODE_TERM = timedelta(minutes=5)
CODE_TRIES = 5
CODES_PER_HOUR = 5
CODES_PER_HOUR_FROM_ADDRESS = 60
LOOK_BACK = timedelta(hours=1)
TRIES_FROM_ADDRESS = 20


@dataclass(frozen=True)
class _Key:
    """What failures are counted by: a user name, a phone or a network address."""

    hashed: str
    free_tries: int


def _key(kind: str, text: str, free_tries: int) -> _Key:
    return _Key(sealed.hash_of(text, f"attempt.{kind}"), free_tries)


def _lock(key: str) -> None:
    """One at a time per key, so that parallel guesses are counted one by one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _refuse_while_waiting(keys: Iterable[_Key], now: datetime) -> None:
    for key in keys:
        times = list(
            SignInAttempt.objects.filter(key_hash=key.hashed, at__gt=now - LOOK_BACK)
            .order_by("-at")
            .values_list("at", flat=True)
        )
        failures = len(times) - key.free_tries + rules.FREE_TRIES
        if times and rules.next_try_at(failures, times[0]) > now:
            raise _wait("too_many_tries", "password", rules.next_try_at(failures, times[0]) - now)


def _wait(code: str, field: str, wait: timedelta) -> RuleBroken:
    """Too many, and how long to wait; rounded up, so that waiting so long is always enough."""
    seconds = rules.whole_seconds(wait)
    if seconds < 60:
        return RuleBroken(code, N_("次数太多，请等 {n} 秒再试"), field=field, n=seconds)
    return RuleBroken(code, N_("次数太多，请等 {n} 分钟再试"), field=field, n=-(-seconds // 60))


def check_password(*, username: str, password: str, address: str, now: datetime) -> int:
    """The account of a staff member who knows the password. Wrong tries make the next one wait."""
    name = username.strip().lower()
    keys = (_key("user", name, rules.FREE_TRIES), _key("address", address, TRIES_FROM_ADDRESS))
    with transaction.atomic():
        _lock(keys[0].hashed)
        _refuse_while_waiting(keys, now)
        account = Account.objects.filter(username=name).first()
        if account is not None and account.is_active and account.check_password(password):
            SignInAttempt.objects.filter(key_hash=keys[0].hashed).delete()
            _record_sign_in(account, "password", now)
            return account.pk
        if account is None or not account.is_active:
            hashers.make_password(password)  # the same work as for a known name, so time tells nothing
        SignInAttempt.objects.bulk_create([SignInAttempt(key_hash=k.hashed, at=now) for k in keys])
    raise RuleBroken("password_wrong", N_("用户名或密码不对，请检查后再试"), field="password")


def _record_sign_in(account: Account, how: str, now: datetime) -> None:
    by = Actor(person_id=account.person_id, account_id=account.pk)
    record_of_person("account.signed_in", account.person_id, by=by, now=now, after={"how": how})


def request_code(*, phone: str, address: str, now: datetime) -> str:
    """Send a one-time code. Returns what the page may show: the code in demonstration mode, else nothing."""
    plain = plain_phone(phone)
    hashed = sealed.hash_of(plain, sealed.PHONE)
    code = f"{secrets.randbelow(1_000_000):06d}"
    with transaction.atomic():
        _lock(hashed)
        _refuse_many_codes(hashed, address, now)
        row = OneTimeCode(id=new_id(now), phone_hash=hashed, sent_at=now, expires_at=now + CODE_TERM)
        row.code_hash = sealed.hash_of(code, f"code.{row.pk}")
        row.save(force_insert=True)
        SignInAttempt.objects.create(key_hash=_key("code", address, 0).hashed, at=now)
    shown = client.sender(demo=settings.DEMO).send(plain, code)
    return shown if settings.DEMO else ""


def _refuse_many_codes(phone_hash: str, address: str, now: datetime) -> None:
    sent = OneTimeCode.objects.filter(phone_hash=phone_hash, sent_at__gt=now - LOOK_BACK).order_by("sent_at")
    times = list(sent.values_list("sent_at", flat=True))
    if len(times) >= CODES_PER_HOUR:
        raise _wait("too_many_codes", "phone", times[-CODES_PER_HOUR] + LOOK_BACK - now)
    key = _key("code", address, 0).hashed
    from_here = SignInAttempt.objects.filter(key_hash=key, at__gt=now - LOOK_BACK).count()
    if from_here >= CODES_PER_HOUR_FROM_ADDRESS:
        message = N_("这个网络地址发送验证码太多，请过一小时再试或拨打服务电话")
        raise RuleBroken("too_many_codes", message, field="phone")


def verify_code(*, phone: str, code: str, now: datetime) -> int:
    """The account of the phone's owner when the code is right; person and account are made when new."""
    plain = plain_phone(phone)
    hashed = sealed.hash_of(plain, sealed.PHONE)
    with transaction.atomic():
        outcome = _try_code(hashed, code, now)
        if outcome == "right":
            return _account_of_phone(plain, now)
    messages = {
        "none": N_("验证码已过期，请重新获取"),
        "worn": N_("输错次数太多，请重新获取验证码"),
        "wrong": N_("验证码不对，请看清短信后再输"),
    }
    raise RuleBroken(f"code_{outcome}", messages[outcome], field="code")


def _try_code(phone_hash: str, code: str, now: datetime) -> str:
    rows = OneTimeCode.objects.select_for_update().filter(
        phone_hash=phone_hash, used_at=None, expires_at__gt=now
    )
    row = rows.order_by("-sent_at").first()
    if row is None:
        return "none"
    if row.tries >= CODE_TRIES:
        return "worn"
    given = sealed.hash_of(code, f"code.{row.pk}")
    if not hmac.compare_digest(given, row.code_hash):
        row.tries += 1
        row.save(update_fields=["tries"])
        return "wrong" if row.tries < CODE_TRIES else "worn"
    row.used_at = now
    row.save(update_fields=["used_at"])
    return "right"


def _account_of_phone(phone: str, now: datetime) -> int:
    person_id = queries.person_by_phone(phone) or find_or_make_person(
        name="", phone=phone, by=SYSTEM, now=now
    )
    account, made = Account.objects.get_or_create(person_id=person_id)
    if made:
        account.set_unusable_password()
        account.save(update_fields=["password"])
    if not account.is_active:
        raise RuleBroken("account_closed", N_("这个账号已停用，请联系所在社区"), field="phone")
    _record_sign_in(account, "code", now)
    return account.pk


KEPT = timedelta(days=1)


def forget_attempts(*, now: datetime) -> int:
    """Drop failed attempts and codes that no longer count for anything."""
    attempts, _ = SignInAttempt.objects.filter(at__lt=now - KEPT).delete()
    codes, _ = OneTimeCode.objects.filter(expires_at__lt=now - KEPT).delete()
    return attempts + codes

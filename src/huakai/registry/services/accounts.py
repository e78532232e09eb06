"""Accounts, passwords, appointments and bearer tokens."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.kernel.ids import new_id
from huakai.packs import queries as packs
from huakai.registry import queries
from huakai.registry.access import require, token_hash
from huakai.registry.models import Account, ApiToken, Appointment
from huakai.registry.services.people import (
    find_or_make_person,
    person_row,
    plain_phone,
    record_of_person,
    unit_of,
)
from huakai.registry.types import Actor

MAX_TOKEN_DAYS = 366


def check_password_rules(password: str) -> None:
    """Length and commonness; refused with Django's own sentence (it has a Chinese catalogue)."""
    try:
        password_validation.validate_password(password)
    except ValidationError as error:
        sentence = " ".join(error.messages)
        raise RuleBroken("password_weak", N_("密码不够安全：{why}"), field="password", why=sentence) from None


@transaction.atomic
def create_account(*, person_id: UUID, username: str, password: str, by: Actor, now: datetime) -> int:
    """A staff account with user name and password; a phone-only account of the same person becomes it."""
    person = person_row(person_id, lock=True)
    if not by.may("user.manage"):
        raise NotAllowed("not_allowed", N_("您的岗位没有这项权限，请联系本单位管理员开通"))
    name = username.strip().lower()
    if not 2 <= len(name) <= 40 or any(c.isspace() for c in name):
        raise RuleBroken("username_wrong", N_("用户名为 2 到 40 个字符，不含空格"), field="username")
    account, _ = Account.objects.get_or_create(person=person)
    if account.username:
        raise RuleBroken(
            "account_exists", N_("这个人已经有账号 {name}"), field="username", name=account.username
        )
    if Account.objects.filter(username=name).exists():
        raise RuleBroken(
            "username_taken", N_("用户名 {name} 已被使用，请换一个"), field="username", name=name
        )
    check_password_rules(password)
    account.username = name
    account.set_password(password)
    account.save()
    record_of_person("account.created", person_id, by=by, now=now, after={"username": name})
    return account.pk


@dataclass(frozen=True)
class NewUser:
    """A staff member to be: the person, the account and a first role."""

    name: str
    phone: str
    username: str
    password: str
    role: str
    unit_code: str


@transaction.atomic
def open_account(*, new: NewUser, by: Actor, now: datetime) -> int:
    """Person, account and appointment in one go, or nothing."""
    require(by, "user.manage", new.unit_code or None)
    unit_of(new.unit_code)
    person = find_or_make_person(name=new.name, phone=plain_phone(new.phone), by=by, now=now)
    account = create_account(person_id=person, username=new.username, password=new.password, by=by, now=now)
    appoint(person_id=person, role=new.role, unit_code=new.unit_code, by=by, now=now)
    return account


@transaction.atomic
def set_password(*, account_id: int, password: str, by: Actor, now: datetime, old: str = "") -> None:
    """A new password: one's own after giving the old one, or as a manager of users. Every other session ends."""
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NotFound("account_unknown", N_("没有找到这个账号"))
    if by.account_id == account_id:
        if not account.check_password(old):
            raise RuleBroken("old_password_wrong", N_("原密码不对"), field="old")
    else:
        _require_over_account(by, account, now)
    check_password_rules(password)
    account.set_password(password)
    account.save(update_fields=["password"])
    record_of_person("account.password_set", account.person_id, by=by, now=now)


@transaction.atomic
def set_account_open(*, account_id: int, is_open: bool, by: Actor, now: datetime) -> None:
    """Close an account (it can no longer sign in) or open it again."""
    account = Account.objects.select_for_update().get(pk=account_id)
    _require_over_account(by, account, now)
    if by.account_id == account_id:
        raise RuleBroken("own_account", N_("不能停用自己的账号，请由另一位管理员操作"))
    account.is_active = is_open
    account.save(update_fields=["is_active"])
    name = "account.opened" if is_open else "account.closed"
    record_of_person(name, account.person_id, by=by, now=now)


def _require_over_account(by: Actor, account: Account, now: datetime) -> None:
    """A manager of users may act on a person whose every role, now or later, lies under the manager's units."""
    held = Appointment.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), person=account.person_id)
    codes = held.values_list("unit__code", flat=True)
    require(by, "user.manage")
    for code in codes:
        require(by, "user.manage", code)
    if not codes and by.prefixes("user.manage"):
        require(by, "user.manage", queries.area_of_person(account.person_id))


@transaction.atomic
def appoint(
    *, person_id: UUID, role: str, unit_code: str, by: Actor, now: datetime, ends_at: datetime | None = None
) -> UUID:
    """Give a person a dated role at a unit. Nobody gives a role outside their own units."""
    require(by, "user.manage", unit_code)
    if person_id == by.person_id:
        raise RuleBroken("own_appointment", N_("不能任命自己，请由另一位管理员操作"), field="role")
    person, unit = person_row(person_id, lock=True), unit_of(unit_code)
    book = queries.role_book(packs.pack_of(unit_code))
    if role not in {r.code for r in book.roles if r.held_by == "appointment"}:
        raise RuleBroken("role_unknown", N_("没有可以任命的岗位 {role}"), field="role", role=role)
    if ends_at is not None and ends_at <= now:
        raise RuleBroken("period_wrong", N_("结束时间要晚于现在"), field="ends_at")
    if Appointment.objects.filter(person=person, role=role, unit=unit, ends_at=None).exists():
        raise RuleBroken("already_appointed", N_("这个人已经在该单位担任这个岗位"), field="role")
    row = Appointment.objects.create(
        id=new_id(now), person=person, role=role, unit=unit, starts_at=now, ends_at=ends_at
    )
    after: dict[str, object] = {"role": role, "unit": unit_code}
    record_of_person("appointment.started", person_id, by=by, now=now, area_code=unit_code, after=after)
    return row.pk


@transaction.atomic
def end_appointment(*, appointment_id: UUID, by: Actor, now: datetime) -> None:
    """The role ends now; the record of it stays."""
    row = Appointment.objects.select_for_update().filter(pk=appointment_id, ends_at=None).first()
    if row is None:
        raise NotFound("appointment_unknown", N_("这项任命不存在或已经结束"))
    code = unit_code_of(row.unit_id)
    require(by, "user.manage", code)
    if row.starts_at >= now:
        row.delete()
    else:
        row.ends_at = now
        row.save(update_fields=["ends_at"])
    after: dict[str, object] = {"role": row.role, "unit": code}
    record_of_person("appointment.ended", row.person_id, by=by, now=now, area_code=code, after=after)


def unit_code_of(unit_id: UUID) -> str:
    """The code of a unit row."""
    unit = queries.unit_by_id(unit_id)
    return unit.code if unit else ""


@transaction.atomic
def issue_token(
    *, account_id: int, label: str, scopes: tuple[str, ...], days: int, by: Actor, now: datetime
) -> str:
    """A bearer token, shown once; what it may do is the account's rights narrowed to its scopes."""
    account = Account.objects.select_for_update().filter(pk=account_id, is_active=True).first()
    if account is None:
        raise NotFound("account_unknown", N_("没有找到这个账号"))
    _require_over_account(by, account, now)
    if not label.strip():
        raise RuleBroken("label_missing", N_("请写明令牌给谁用、做什么"), field="label")
    if not scopes:
        raise RuleBroken("scopes_missing", N_("请至少选择一个范围"), field="scopes")
    if not 1 <= days <= MAX_TOKEN_DAYS:
        raise RuleBroken("days_wrong", N_("有效期为 1 到 {most} 天"), field="days", most=MAX_TOKEN_DAYS)
    token = "hk_" + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        id=new_id(now),
        token_hash=token_hash(token),
        label=label.strip()[:80],
        account=account,
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    _record_token("token.issued", row, by=by, now=now)
    return token


@transaction.atomic
def revoke_token(*, token_id: UUID, by: Actor, now: datetime) -> None:
    """The token stops working now."""
    row = ApiToken.objects.select_for_update().filter(pk=token_id).first()
    if row is None:
        raise NotFound("token_unknown", N_("没有找到这个令牌"))
    _require_over_account(by, Account.objects.get(pk=row.account_id), now)
    if row.revoked_at is None:
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
        _record_token("token.revoked", row, by=by, now=now)


def _record_token(name: str, row: ApiToken, *, by: Actor, now: datetime) -> None:
    after = {"label": row.label, "scopes": row.scopes, "account": row.account_id}
    subject = Subject("token", str(row.pk))
    audit.record(
        Fact(name=name, subject=subject, at=now, actor_id=by.person_id, after=after, request_id=by.request_id)
    )

"""Accounts and tokens, made by the operator of the machine."""

import getpass
import sys

from django.contrib.auth import get_user_model
from django.db import transaction

from huakai.config import terminal
from huakai.config.session import Here
from huakai.config.trouble import Trouble
from huakai.kernel.clock import SystemClock
from huakai.registry import services as registry
from huakai.registry.types import SYSTEM


def create_user(here: Here, *, username: str, name: str, role: str, unit: str, phone: str) -> None:
    """A person with an account and one role at one unit."""
    now = SystemClock().now()
    password = _password()
    with transaction.atomic():
        person = registry.find_or_make_person(name=name, phone=phone, home_code="", by=SYSTEM, now=now)
        registry.create_account(person_id=person, username=username, password=password, by=SYSTEM, now=now)
        registry.appoint(person_id=person, role=role, unit_code=unit, by=SYSTEM, now=now)
    terminal.say(f"✓ {username} may sign in as {role} of {unit}")


def create_token(here: Here, *, username: str, scopes: list[str], days: int) -> None:
    """A bearer token, shown once."""
    account = get_user_model().objects.filter(username=username).first()
    if account is None:
        raise Trouble(f"there is no account {username}; make it with: ./huakai user create {username} …")
    token = registry.issue_token(
        account_id=account.pk,
        label="command line",
        scopes=tuple(scopes),
        days=days,
        by=SYSTEM,
        now=SystemClock().now(),
    )
    terminal.say(token)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password (10 characters or more): ")
    if getpass.getpass("Once more: ") != first:
        raise Trouble("the two were not the same; nothing was made")
    return first

"""A place with a million cases: 97 of a hundred are over, the rest stand at every stage with their clocks running."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.core.management import call_command
from django.db import connection

from bench import stock
from huakai.config import terminal
from huakai.config.env import PROJECT_ROOT
from huakai.packs import queries as packs
from huakai.packs import services as pack_services
from huakai.registry import queries as registry
from huakai.registry.access import token_hash
from huakai.registry.types import Actor

PLACE = stock.PLACE
STEP = 20_000
OPEN_SHARE = 0.03
FEW = 10_000
"""How many closed cases stand there when the inbox is looked at first."""
UNIT = "370402D02"
LADDER: list[dict[str, Any]] = [
    {"code": "remind", "title": "快到期", "title_en": "Due soon", "when": "before",
     "span": {"amount": 1, "unit": "working_hours"}},
    {"code": "missed", "title": "已到期", "title_en": "Missed", "to": "unit_head"},
    {"code": "centre", "title": "报中心", "title_en": "To the centre", "span": {"amount": 4, "unit": "working_hours"},
     "to": "dispatcher"},
    {"code": "supervise", "title": "督办", "title_en": "Supervise", "span": {"amount": 2, "unit": "working_days"},
     "to": "supervisor", "act": "supervise"},
]  # fmt: skip
SQL = dict(
    re.findall(
        r"^-- name: (\w+)\n(.*?)(?=^-- name: |\Z)",
        Path(__file__).with_name("million.sql").read_text(),
        re.MULTILINE | re.DOTALL,
    )
)


@dataclass(frozen=True)
class Place:
    """Who acts and where."""

    centre: Actor
    """Dispatches in the whole district."""
    handler: Actor
    """Works for the department cases are given to."""
    street: Actor
    """A street office: sees one subtree."""


def packs_folder(home: Path) -> Path:
    """The shipped packs with two changes: the demand of this place has a ladder and parts, so that all is at work."""
    folder = home / "packs"
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("base", PLACE):
        shutil.copytree(PROJECT_ROOT / "packs" / name, folder / name)
    flow = yaml.safe_load((folder / "base/cases/demand.yaml").read_text(encoding="utf-8"))
    flow["ladder"] = LADDER
    flow["parts"] = {
        "accept": {"amount": 4, "unit": "working_hours"},
        "finish": {"amount": 3, "unit": "working_days"},
    }
    (folder / PLACE / "cases").mkdir(exist_ok=True)
    target = folder / PLACE / "cases/demand.yaml"
    target.write_text(yaml.safe_dump(flow, allow_unicode=True), encoding="utf-8")
    return folder


def prepare(*, folder: Path, now: datetime) -> Place:
    """Tables, packs and registry, unless they are there."""
    call_command("migrate", interactive=False, verbosity=0)
    pack_services.publish(pack_code=PLACE, root=folder, by=None, now=now)
    if registry.unit_by_code(stock.DISTRICT) is None:
        stock.import_registry(now)
        with connection.cursor() as cursor:
            cursor.execute(stock.SQL["residents"])
    return Place(
        centre=_actor("19900009802", stock.DISTRICT, "centre_staff", now),
        handler=_actor("19900009804", UNIT, "dept_handler", now),
        street=_actor("19900009803", stock.STREET, "street_staff", now),
    )


def _actor(phone: str, home: str, role: str, now: datetime) -> Actor:
    found = registry.actor_of_token(token_hash(stock.token(phone, home, role, now)), now)
    assert found is not None
    return found


def load(*, closed: int, opened: int, now: datetime) -> None:
    """Cases until there are so many; what stands there already stays."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FILTER (WHERE status = 'open'), count(*) FROM cases_case")
        have_open, have = cursor.fetchone()
    add("open", opened - have_open, days=12, at=now - timedelta(minutes=30))
    add("closed", closed - (have - have_open), days=700, at=now - timedelta(minutes=20))


def add(kind: str, count: int, *, days: float, at: datetime, events: bool = True) -> None:
    """`count` further cases of one kind (closed, open, due), opened over `days` until `at`."""
    if count <= 0:
        return
    values: dict[str, Any] = {
        "edition": packs.current(PLACE).id,
        "total": count,
        "days": days,
        "kind": kind,
        "at": at,
    }
    with terminal.progress(f"loading {count} {kind} cases") as report, connection.cursor() as cursor:
        cursor.execute(SQL["around"].replace("%%", "%"))
        for first, last in _batches(count):
            values |= {"from": first, "to": last}
            for part in ("plan", "cases", "assignments", "lines", *(("events",) if events else ())):
                _each(cursor, SQL[part], values)
            cursor.execute("DROP TABLE plan")
            report(last, count)
        cursor.execute("DROP TABLE around_area, around_unit, around_person, around_taker, around_word")
        cursor.execute("VACUUM ANALYZE")


def _each(cursor: Any, text: str, values: dict[str, Any]) -> None:
    """Statement by statement: prepared ones stand alone."""
    for statement in text.split(";\n"):
        if statement.strip():
            cursor.execute(statement, values)


def _batches(count: int) -> Iterator[tuple[int, int]]:
    for first in range(1, count + 1, STEP):
        yield first, min(first + STEP - 1, count)

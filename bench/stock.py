"""The stock a benchmark runs on: a place with its registry, and as many cases as were asked for."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from huakai.cases import queries as cases
from huakai.config import terminal
from huakai.config.env import PROJECT_ROOT
from huakai.files import services as files
from huakai.packs import queries as packs
from huakai.packs import services as pack_services
from huakai.registry import queries as registry
from huakai.registry import services as registration
from huakai.registry.types import SYSTEM

PLACE = "shizhong"
DISTRICT, STREET = "370402", "370402004"
OFFICE_FILES = (
    ("units", "units.csv"),
    ("places", "places.csv"),
    ("posts", "posts.csv"),
    ("teams", "teams.csv"),
    ("volunteers", "volunteers.xlsx"),
)
SCOPES = ("cases:read", "cases:write")
STEP = 10_000
RESIDENTS = 40
SQL = dict(
    re.findall(
        r"^-- name: (\w+)\n(.*?)(?=^-- name: |\Z)",
        Path(__file__).with_name("stock.sql").read_text(),
        re.MULTILINE | re.DOTALL,
    )
)


@dataclass(frozen=True)
class Stock:
    """What the measurements need to know of the place."""

    residents: tuple[str, ...]
    """Tokens of people who order for themselves; many, as nobody has thousands of orders."""
    centre: str
    """A token of the dispatch centre: sees every case of the district."""
    street: str
    """A token of a street office: sees one subtree."""
    area: str
    """Where the resident lives."""
    service: str
    cases: int


def prepare(*, count: int, now: datetime) -> Stock:
    """Tables, packs, registry and cases, unless they are there; then fresh tokens."""
    call_command("migrate", interactive=False, verbosity=0)
    pack_services.publish(pack_code=PLACE, root=settings.PACKS_ROOT, by=None, now=now)
    if registry.unit_by_code(DISTRICT) is None:
        import_registry(now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case")
        have = cursor.fetchone()[0]
    if have < count:
        _cases(count)
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM registry_unit WHERE code LIKE %s AND kind IN ('community', 'village')"
                       " ORDER BY code LIMIT 1", [f"{STREET}%"])  # fmt: skip
        area = cursor.fetchone()[0]
    return Stock(
        residents=tuple(token(f"1990001{number:04}", area, "", now) for number in range(RESIDENTS)),
        centre=token("19900009802", DISTRICT, "centre_staff", now),
        street=token("19900009803", STREET, "street_staff", now),
        area=area,
        service="appliance_repair",
        cases=max(count, have),
    )


def import_registry(now: datetime) -> None:
    """Units, places, posts, teams and volunteers of the example files."""
    folder = PROJECT_ROOT / "examples" / PLACE
    for kind, name in OFFICE_FILES:
        with terminal.progress(f"importing {name}"):
            report = files.run_import(
                kind=kind, content=(folder / name).read_bytes(), name=name, dry_run=False, by=SYSTEM,
                now=now - timedelta(days=900),
            )  # fmt: skip
        if report.problems:
            raise SystemExit(f"{name}: {report.problems[0]}")


def _cases(count: int) -> None:
    view = packs.current(PLACE)
    edition: dict[str, Any] = {"edition": view.id, "cases": count}
    with terminal.progress(f"loading {count} cases") as report, connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.42)")
        for part in ("volunteers", "residents"):
            cursor.execute(SQL[part])
        _offered(cursor)
        cursor.execute("ANALYZE registry_person, registry_volunteer")
        for part in ("plan", "cases", "assignments"):
            cursor.execute(SQL[part], edition)
        for start in range(0, count, STEP):
            cursor.execute(SQL["events"], {**edition, "from": start, "to": start + STEP})
            report(start + STEP, count)
        cursor.execute(SQL["deliveries"])
        cursor.execute("DROP TABLE plan")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT") if _may_checkpoint(cursor) else None


def _may_checkpoint(cursor: Any) -> bool:
    cursor.execute("SELECT pg_has_role(current_user, 'pg_checkpoint', 'member')")
    return bool(cursor.fetchone()[0])


def _offered(cursor: Any) -> None:
    """The place's menu as a table, so that the cases are of services that exist."""
    menu = cases.menu(PLACE)
    cursor.execute("CREATE TEMP TABLE offered (at bigint, code text, category text, tag text, title text)")
    rows = [
        (at, s.code, s.category, s.tag or menu.categories[s.category].tag, s.title)
        for at, s in enumerate(menu.services.values(), start=1)
    ]
    cursor.executemany("INSERT INTO offered VALUES (%s, %s, %s, %s, %s)", rows)


def token(phone: str, home: str, role: str, now: datetime) -> str:
    """A token of a person made for the benchmark."""
    begun = now - timedelta(days=1)
    person = registration.find_or_make_person(
        name="测试员", phone=phone, home_code=home, by=SYSTEM, now=begun
    )
    account = registry.account_of_person(person)
    if account is None:
        account = registration.create_account(
            person_id=person,
            username=f"bench{phone[-4:]}",
            password=f"bench-{phone}-only",
            by=SYSTEM,
            now=begun,
        )
        if role:
            registration.appoint(person_id=person, role=role, unit_code=home, by=SYSTEM, now=begun)
    return registration.issue_token(
        account_id=account, label="bench", scopes=SCOPES, days=2, by=SYSTEM, now=begun
    )

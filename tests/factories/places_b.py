"""A place of its own: its pack published, its units from the office's file, persons with roles, and their browsers."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client

from huakai.files import services as files
from huakai.kernel.clock import FixedClock
from huakai.kernel.imports import ImportReport
from huakai.packs import queries as packs
from huakai.packs import services as pack_services
from huakai.registry import queries as registry
from huakai.registry import services as registry_services
from huakai.registry.models import Account
from huakai.registry.types import SYSTEM, Actor
from tests.cast import BEFORE
from tests.factories import registry as factory

LATER = BEFORE + timedelta(minutes=1)
"""After the place of the cast, which stays the first."""
EXAMPLES = settings.PACKS_ROOT.parent / "examples"
ON_PAGE = {"result", "reason", "unit_code"}
"""Moves that hand in no more than this are made on the desk's page."""


class Refused(Exception):
    """The platform said no; the words it said."""


def sent(answer: Any) -> Any:
    """What the machine door answered; Refused when it did not take it."""
    if answer.status_code >= 400:
        raise Refused(answer.content.decode())
    return answer.json() if answer.content else None


@dataclass(frozen=True)
class Someone:
    """A person with an account: a browser, a token, and the actor of the moment."""

    person_id: UUID
    phone: str
    account_id: int
    clock: FixedClock
    browser: Client
    token: str

    @property
    def actor(self) -> Actor:
        return registry.actor_of_account(self.account_id, self.clock.at)

    def api(self, method: str, path: str, key: str = "", **options: Any) -> Any:
        """One call through the machine door; `body` is sent as JSON."""
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Idempotency-Key": key} if key else {})
        if "body" in options:
            options["data"] = json.dumps(options.pop("body"), default=_plain)
        send = getattr(Client(), method)
        return send(f"/api/v1{path}", content_type="application/json", headers=headers, **options)

    def listed(self, query: str) -> list[UUID]:
        """Cases of a list, as the machine door gives them."""
        answer = self.api("get", f"/cases?{query}&limit=200")
        assert answer.status_code == 200, answer.content
        return [UUID(row["id"]) for row in answer.json()["rows"]]

    def view(self, flow: str, code: str) -> list[UUID]:
        """Cases of a list the pack itself names."""
        views = {v.code: v for v in packs.current(self.actor.pack_code).get("cases", flow).views}
        return self.listed(views[code].query)

    def totals(self, flow: str) -> list[dict[str, Any]]:
        """Sums of a flow's quantities over the closed cases one counts."""
        found: list[dict[str, Any]] = sent(self.api("get", f"/totals/quantities?flow={flow}"))
        return found

    def card(self, case_id: UUID) -> dict[str, Any]:
        """One case, as the machine door gives it."""
        answer = self.api("get", f"/cases/{case_id}")
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)


@dataclass
class Place:
    """One place in the database."""

    code: str
    clock: FixedClock
    people: dict[tuple[str, str], Someone] = field(default_factory=dict)
    _orders: int = 0

    def who(self, role: str, at: str, name: str = "") -> Someone:
        """The person who holds that role at that unit (`resident` lives there), made on first use."""
        key = (role + name, at)
        if key not in self.people:
            self.people[key] = self._made(role, at)
        return self.people[key]

    def _made(self, role: str, at: str) -> Someone:
        phone = f"1997{len(self.people):07d}"
        person = factory.make_person(phone=phone, home=at if role == "resident" else "")
        if role != "resident":
            registry_services.appoint(person_id=person, role=role, unit_code=at, by=SYSTEM, now=BEFORE)
        account = Account(person_id=person)
        account.set_unusable_password()
        account.save()
        browser = Client()
        browser.force_login(account)
        token = registry_services.issue_token(
            account_id=account.pk,
            label="test",
            scopes=("cases:read", "cases:write"),
            days=90,
            by=SYSTEM,
            now=self.clock.at,
        )
        return Someone(person, phone, account.pk, self.clock, browser, token)

    def call(self, by: Someone, area: str, category: str, detail: str, **more: str) -> UUID:
        """A matter entered at the desk for somebody else; the id of its case."""
        self._orders += 1
        given = {
            "client_key": f"call-{self._orders}",
            "name": "孙某",
            "phone": f"1990000{9000 + self._orders}",
            "caller": "resident",
            "channel": "grid",
            "area": area,
            "item": f"category:{category}",
            "detail": detail,
        }
        answer = by.browser.post("/desk/order/", given | more)
        assert answer.status_code == 302, answer.content.decode()
        return UUID(answer["Location"].split("/")[3])

    def open(self, by: Someone, area: str, category: str, detail: str, **more: Any) -> UUID:
        """A case opened through the machine door; `of` is the resident it is opened for."""
        self._orders += 1
        body = {"area_code": area, "category": category, "detail": detail} | more
        if "of" in body:
            body["requester"] = {"name": "测试人", "phone": body.pop("of").phone}
        return UUID(sent(by.api("post", "/cases", f"order-{self._orders}", body=body))["id"])

    def move(self, by: Someone, case_id: UUID, name: str, **given: Any) -> None:
        """A move: on the desk's page when a word suffices, else through the machine door. Raises Refused."""
        if set(given) <= ON_PAGE and by.actor.prefixes("case.view"):
            answer = self.post(by, case_id, name, **given)
            if answer.status_code != 302:
                raise Refused(answer.content.decode())
            return
        self._orders += 1
        sent(by.api("post", f"/cases/{case_id}/moves", f"move-{self._orders}", body={"move": name} | given))

    def post(self, by: Someone, case_id: UUID, name: str, **given: Any) -> Any:
        """The answer of the desk's page to a move."""
        self._orders += 1
        fields = {("unit" if k == "unit_code" else k): v for k, v in given.items()}
        posted = fields | {"client_key": f"move-{self._orders}"}
        return by.browser.post(f"/desk/cases/{case_id}/moves/{name}/", posted)


def import_units(code: str, now: datetime) -> ImportReport:
    """Hand in the office's units.csv of a place."""
    path = EXAMPLES / code / "units.csv"
    return files.run_import(
        kind="units", content=path.read_bytes(), name=path.name, dry_run=False, by=SYSTEM, now=now
    )


@contextmanager
def standing(code: str, clock: FixedClock) -> Iterator[Place]:
    """Publish the pack and import the units of a place; what the process knows of it is forgotten afterwards."""
    pack_services.publish(pack_code=code, root=settings.PACKS_ROOT, by=None, now=LATER)
    report = import_units(code, clock.at)
    assert report.problems == ()
    try:
        yield Place(code, clock)
    finally:
        packs.forget_current()

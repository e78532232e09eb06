"""Every page and endpoint says who may, and the table of all routes by all roles is committed."""

import csv
import io
import os
from collections.abc import Callable
from typing import Any

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import HttpResponse
from django.test import Client
from ninja import NinjaAPI, Router

from huakai.config import urls
from huakai.config.api import api
from huakai.registry import services as registry
from huakai.registry.types import SYSTEM, Actor
from tests import cast as people
from tests.architecture import checks, routes
from tests.architecture.samples import make_samples
from tests.cast import PARTS, Cast

TABLE = checks.TESTS / "snapshots/access.csv"
PUBLIC_ENDPOINTS: frozenset[str] = frozenset()
STREAMS = {"/screen/<str:token>/events/"}
"""Endless answers read on a thread of their own: what they declare is listed, their tests ask who may."""
ROLES = [*PARTS, "nobody"]


def test_a_page_that_does_not_say_who_may_is_found() -> None:
    def mute(request: object) -> HttpResponse:
        return HttpResponse()

    assert routes.without_needs([routes.Page("/mute", mute)]) == [f"/mute ({__name__})"]
    assert routes.without_needs(routes.pages(urls.urlpatterns)) == []


def test_an_endpoint_without_a_guard_is_found() -> None:
    bare, router = NinjaAPI(urls_namespace="bare"), Router()

    @router.get("/open")
    def operation(request: object) -> None:
        """Unguarded."""

    bare.add_router("", router)
    assert routes.without_guard(routes.endpoints(bare), frozenset()) == ["GET /api/v1/open"]
    assert routes.without_guard(routes.endpoints(api), PUBLIC_ENDPOINTS) == []


def test_a_parameter_without_a_sample_is_named() -> None:
    assert routes.filled("/desk/cases/<uuid:case_id>/", {"case_id": "1"}) == "/desk/cases/1/"
    assert routes.filled("/x/teams/<key>", {"key": "1", "teams.key": "2"}) == "/x/teams/2"
    with pytest.raises(KeyError, match="no sample for odd"):
        routes.filled("/x/<odd>", {})


def tokens(cast: Cast) -> dict[str, dict[str, str]]:
    """A header with a bearer token of every scope, for every role."""
    scopes = tuple(sorted({e.scope for e in routes.endpoints(api) if e.scope}))
    found: dict[str, dict[str, str]] = {"nobody": {}}
    for role in PARTS:
        token = registry.issue_token(
            account_id=cast[role].account_id, label="table", scopes=scopes, days=9, by=SYSTEM, now=people.NOW
        )
        found[role] = {"Authorization": f"Bearer {token}"}
    return found


def status(client: Client, address: str, headers: dict[str, str] | None = None) -> int:
    """What the address answers; files and endless streams are let go unread."""
    response = client.get(address, headers=headers)
    if response.streaming:
        request_finished.disconnect(close_old_connections)  # the test's transaction stays open
        response.close()
        request_finished.connect(close_old_connections)
    return response.status_code


def table(cast: Cast, client_of: Callable[[str], Client], samples: dict[str, str]) -> str:
    """One line per route: method, what it declares, and the status each role gets."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["route", "needs", *ROLES])
    clients = {role: client_of(role) for role in PARTS} | {"nobody": Client()}
    lines: list[list[Any]] = []
    for page in routes.pages(urls.urlpatterns):
        if page.route in STREAMS:
            lines.append([f"GET {page.route}", page.needs])
            continue
        address = routes.filled(page.route, samples)
        statuses = [status(clients[role], address) for role in ROLES]
        lines.append([f"GET {page.route}", page.needs, *statuses])
    headers = tokens(cast)
    for endpoint in routes.endpoints(api):
        if endpoint.method == "GET":
            address = routes.filled(endpoint.route, samples)
            statuses = [status(Client(), address, headers[role]) for role in ROLES]
            lines.append([f"GET {endpoint.route}", f"{endpoint.scope} {endpoint.needs}", *statuses])
        else:
            lines.append([f"{endpoint.method} {endpoint.route}", f"{endpoint.scope} {endpoint.needs}"])
    lines.sort(key=lambda line: str(line[0]).split(" ")[::-1])
    writer.writerows(lines)
    return out.getvalue()


@pytest.mark.django_db
def test_all_routes_by_all_roles_are_as_committed(
    cast: Cast, client_of: Callable[[str], Client], actor: Callable[[str], Actor]
) -> None:
    """After a change on purpose: WRITE_SNAPSHOTS=1, then read the difference before committing it."""
    found = table(cast, client_of, make_samples(cast, actor))
    if os.environ.get("WRITE_SNAPSHOTS"):
        TABLE.parent.mkdir(exist_ok=True)
        TABLE.write_text(found, encoding="utf-8")
    assert found.splitlines() == TABLE.read_text(encoding="utf-8").splitlines()
    statuses = {cell for line in list(csv.reader(io.StringIO(found)))[1:] for cell in line[2:]}
    assert not {s for s in statuses if s.startswith("5")}

"""Proposals through the machine door."""

from collections.abc import Callable
from datetime import datetime

from huakai.audit import services as audit
from huakai.registry.types import Actor
from tests.factories.api import Api
from tests.factories.cases import open_one


def test_a_dispatcher_reads_ranked_takers_and_a_neighbour_does_not(
    api: Api, actor: Callable[[str], Actor], now: datetime
) -> None:
    case_id = open_one(actor("resident"), now)
    audit.deliver_pending()
    lines = api("street_staff", "get", f"/cases/{case_id}/proposals").json()["lines"]
    assert [line["rank"] for line in lines] == list(range(1, len(lines) + 1))
    assert lines[0]["reasons"]
    assert api("neighbour_staff", "get", f"/cases/{case_id}/proposals").status_code == 404
    assert api("resident", "get", f"/cases/{case_id}/proposals").status_code == 403

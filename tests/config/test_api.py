"""The API as a whole: its schema is the committed one, and no request whatever brings a 5xx.

After a wanted change: WRITE_SNAPSHOTS=1, and read the diff.
"""

import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok

from huakai.audit import services as audit
from huakai.config.api import api
from huakai.registry import services as registry
from huakai.registry.types import SYSTEM, Actor
from tests.cast import Cast
from tests.factories.cases import open_one

SNAPSHOT = Path(__file__).parents[1] / "snapshots" / "openapi.json"
SCOPES = ("cases:read", "cases:write", "ledger:read", "registry:read", "boards:read")


def test_the_schema_is_the_committed_one() -> None:
    schema = json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1, sort_keys=True)
    if os.environ.get("WRITE_SNAPSHOTS"):
        SNAPSHOT.write_text(schema + "\n", encoding="utf-8")
    assert json.loads(schema) == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_every_endpoint_needs_a_token() -> None:
    for path, verbs in api.get_openapi_schema()["paths"].items():
        for verb, operation in verbs.items():
            assert operation.get("security"), f"{verb} {path}"


@pytest.fixture
def ask(cast: Cast, actor: Callable[[str], Actor], now: datetime, client: Client) -> Callable[[Any], Any]:
    """Send a generated request as the centre's dispatcher, who may most."""
    open_one(actor("resident"), now)
    audit.deliver_pending()
    token = registry.issue_token(
        account_id=cast["centre_staff"].account_id, label="fuzz", scopes=SCOPES, days=1, by=SYSTEM, now=now
    )

    def send(case: Any) -> Any:
        wanted = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
        headers = {k: str(v) for k, v in wanted.headers.items()}
        content_type = headers.pop("Content-Type", "application/json")
        headers.pop("Content-Length", None)
        return client.generic(
            str(wanted.method),
            str(wanted.path_url),
            wanted.body or b"",
            content_type=content_type,
            headers=headers | {"Authorization": f"Bearer {token}"},
        )

    return send


def test_no_request_brings_a_server_error(ask: Callable[[Any], Any]) -> None:
    schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) >= 8
    for operation in operations:
        _probe(operation, ask)


def _probe(operation: Any, ask: Callable[[Any], Any]) -> None:
    """Requests of every sort the schema allows."""

    @given(case=operation.as_strategy())
    @settings(
        max_examples=30,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
    )
    def probe(case: Any) -> None:
        answer = ask(case)
        assert answer.status_code < 500, f"{case.method} {case.path}: {answer.content[:500]!r}"

    probe()

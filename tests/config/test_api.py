"""The API as a whole: its schema is the committed one, and no request whatever brings a 5xx.

After a wanted change: `huakai api schema > tests/snapshots/openapi.json`, and read the diff.
"""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, settings

from huakai.audit import services as audit
from huakai.config.api import api
from huakai.registry import services as registry
from huakai.registry.types import SYSTEM, Actor
from tests.cast import Cast
from tests.factories.cases import open_one

SNAPSHOT = Path(__file__).parents[1] / "snapshots" / "openapi.json"
SCOPES = ("cases:read", "cases:write", "ledger:read", "registry:read", "boards:read")


def test_the_schema_is_the_committed_one() -> None:
    assert json.loads(json.dumps(api.get_openapi_schema())) == json.loads(
        SNAPSHOT.read_text(encoding="utf-8")
    )


def test_every_endpoint_needs_a_token() -> None:
    for path, verbs in api.get_openapi_schema()["paths"].items():
        for verb, operation in verbs.items():
            assert operation.get("security"), f"{verb} {path}"


@pytest.fixture
def documented(cast: Cast, actor: Callable[[str], Actor], now: datetime) -> Any:
    """The schema with its application, and a token of the centre's dispatcher, who may most."""
    open_one(actor("resident"), now)
    audit.deliver_pending()
    token = registry.issue_token(
        account_id=cast["centre_staff"].account_id, label="fuzz", scopes=SCOPES, days=1, by=SYSTEM, now=now
    )
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    schema.config.update(headers={"Authorization": f"Bearer {token}"})
    return schema


schema = schemathesis.pytest.from_fixture("documented")


@schema.parametrize()
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
    derandomize=True,
)
def test_no_request_brings_a_server_error(case: Any) -> None:
    answer = case.call()
    assert answer.status_code < 500, f"{case.method} {case.path}: {answer.text[:500]}"

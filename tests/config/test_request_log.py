"""The request line: what it tells and what it keeps to itself."""

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog

from huakai.config.request_log import Receive, RequestLog, Scope, Send


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 201, "headers": [(b"x-request-id", b"abc")]})
    await send({"type": "http.response.body", "body": b""})


async def nothing() -> Mapping[str, Any]:
    return {}


async def drop(message: Mapping[str, Any]) -> None:
    return None


def lines_of(path: str) -> list[Any]:
    scope = {"type": "http", "method": "POST", "path": path, "query_string": "name=王敏".encode()}
    with structlog.testing.capture_logs() as lines:
        asyncio.run(RequestLog(answer)(scope, nothing, drop))
    return lines


def test_a_request_is_one_line_with_route_status_and_id() -> None:
    (line,) = lines_of("/m/orders/")
    assert (line["method"], line["path"], line["status"], line["request_id"]) == (
        "POST", "/m/orders/", 201, "abc",
    )  # fmt: skip


def test_the_line_holds_no_query_and_no_signed_key() -> None:
    (line,) = lines_of("/screen/" + "k" * 60 + "/board/")
    assert line["path"] == "/screen/…/board/"
    assert "王敏" not in str(line)


def test_ids_stay_readable_and_screen_keys_do_not() -> None:
    assert lines_of("/desk/cases/019ce3f0-7b1c-7a52-9d3e-0c5f1d2e3a4b/")[0]["path"].count("019ce3f0") == 1
    (line,) = lines_of("/screen/PyYqaCS3vIYyb2mIW2quMaCIbLl6xYYd/events/")
    assert line["path"] == "/screen/…/events/"


def test_health_probes_leave_no_line() -> None:
    assert lines_of("/healthz") == []

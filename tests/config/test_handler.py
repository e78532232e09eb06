"""The ASGI handler: pages whole in one thread, streams from the event loop, nothing left behind."""

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import path
from pytest_django.fixtures import Settings

from huakai.config.handler import Handler
from huakai.registry.access import PUBLIC, needs

seen: list[str] = []


@needs(PUBLIC)
def echo(request: HttpRequest) -> HttpResponse:
    """What came in, and in which thread it is answered."""
    seen.append(threading.current_thread().name)
    answer = HttpResponse(request.body[::-1])
    answer.set_cookie("kept", "1")
    return answer


@needs(PUBLIC)
def ticks(request: HttpRequest) -> HttpResponseBase:
    """A stream without an end."""

    async def endless() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"data: tick\n\n"
                await asyncio.sleep(0)
        finally:
            seen.append("stream closed")

    return StreamingHttpResponse(endless(), content_type="text/event-stream")


@needs(PUBLIC)
def parts(request: HttpRequest) -> HttpResponseBase:
    """A synchronous stream, as files are."""
    return StreamingHttpResponse(iter([b"one ", b"two"]))


urlpatterns = [path("echo", echo), path("ticks", ticks), path("parts", parts)]


@pytest.fixture(autouse=True)
def _urls(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    seen.clear()


def ask(target: str, body: bytes = b"", *, leave_after: int = 0) -> list[Mapping[str, Any]]:
    """What the handler sends; the client leaves after so many messages (0: stays)."""
    sent: list[Mapping[str, Any]] = []
    scope = {
        "type": "http", "method": "POST" if body else "GET", "path": target, "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), (b"cookie", b"csrftoken=" + b"x" * 32)], "http_version": "1.1",
    }  # fmt: skip

    async def run() -> None:
        gone = asyncio.Event()
        incoming = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Mapping[str, Any]:
            if incoming:
                return incoming.pop()
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Mapping[str, Any]) -> None:
            sent.append(message)
            if len(sent) == leave_after:
                gone.set()

        await Handler(threads=2)(scope, receive, send)

    asyncio.run(asyncio.wait_for(run(), 10))
    return sent


def test_a_page_is_answered_whole_in_a_thread_of_the_pool() -> None:
    start, body = ask("/echo")
    assert start["status"] == 200
    assert any(name == b"set-cookie" and b"kept=1" in value for name, value in start["headers"])
    assert body == {"type": "http.response.body", "body": b""}
    assert seen[0].startswith("page")


def test_a_stream_ends_when_its_listener_leaves() -> None:
    sent = ask("/ticks", leave_after=4)
    assert sent[1]["body"] == b"data: tick\n\n"
    assert sent[1]["more_body"]
    assert seen == ["stream closed"]


def test_a_file_is_sent_part_by_part() -> None:
    sent = ask("/parts")
    assert b"".join(message["body"] for message in sent[1:]) == b"one two"
    assert "more_body" not in sent[-1]


def test_an_address_that_leads_nowhere_is_a_page_too() -> None:
    assert ask("/nowhere")[0]["status"] == 404

"""One line per request: method, path, status, milliseconds, request id. No query string, no address."""

import re
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

SILENT = ("/static/", "/healthz")
SECRET_PART = re.compile(
    r"(?<=/)(?![0-9a-f]{8}-[0-9a-f]{4}-)[^/]{24,}"
)  # screen keys travel in paths, ids may

log = structlog.get_logger("huakai.request")


class RequestLog:
    """Wraps the application; what it learns comes from the answer, so it needs nothing from the floors."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(SILENT):
            await self.application(scope, receive, send)
            return
        started = time.perf_counter()
        answer: dict[str, Any] = {"status": 0, "request_id": ""}

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer["status"] = message["status"]
                headers = dict(message.get("headers", ()))
                answer["request_id"] = headers.get(b"x-request-id", b"").decode("latin-1")
            await send(message)

        try:
            await self.application(scope, receive, watch)
        finally:
            log.info(
                "request",
                method=scope["method"],
                path=SECRET_PART.sub("…", scope["path"]),
                ms=round((time.perf_counter() - started) * 1000, 1),
                **answer,
            )

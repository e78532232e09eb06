"""Django behind ASGI: pages run whole in one of the process's own threads, streams on the event loop.

Django's own ASGI handler makes a thread for every request and hops between it and the event loop at each
middleware; that costs more CPU than most pages do (docs/benchmarks.md). Here the synchronous chain, middleware and
view, is one job of a fixed pool, as under WSGI; what a view streams asynchronously is sent from the event loop
and holds neither a thread nor a database connection.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import Any, cast

from django import db
from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestDataTooBig
from django.core.handlers.asgi import ASGIRequest, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.http import FileResponse, HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
CHUNK = 1 << 16


class Handler(BaseHandler):
    """The ASGI application."""

    def __init__(self, threads: int) -> None:
        super().__init__()
        self.load_middleware()
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"not an HTTP connection: {scope['type']}")
        body = await _body_of(receive)
        if body is None:
            return
        loop = asyncio.get_running_loop()
        response = await loop.run_in_executor(self.pool, self._answer, scope, body)
        await send(
            {"type": "http.response.start", "status": response.status_code, "headers": _headers_of(response)}
        )
        if not response.streaming:
            content = cast(HttpResponse, response).content
            await send({"type": "http.response.body", "body": content})
            return
        stream = cast(StreamingHttpResponse, response)
        try:
            await _until_gone(self._send_parts(stream, send), receive)
        finally:
            await loop.run_in_executor(self.pool, stream.close)

    def _answer(self, scope: Scope, body: Any) -> HttpResponseBase:
        """Runs in a thread of the pool: one request from its first middleware to its last."""
        with body:
            set_script_prefix(get_script_prefix(scope))
            signals.request_started.send(sender=self.__class__, scope=scope)
            try:
                request = ASGIRequest(scope, body)
            except UnicodeDecodeError:
                response: HttpResponseBase = HttpResponseBadRequest()
            except RequestDataTooBig:
                response = HttpResponse("413 Payload too large", status=413)
            else:
                response = self.get_response(request)
            response._handler_class = self.__class__  # type: ignore[attr-defined]
            if response.streaming:
                if isinstance(response, FileResponse):
                    response.block_size = CHUNK
                db.close_old_connections()  # the stream may last for hours
            else:
                response.close()
        return response

    async def _send_parts(self, stream: StreamingHttpResponse, send: Send) -> None:
        parts = aiter(stream) if stream.is_async else self._from_thread(iter(stream))
        async with aclosing(cast(Any, parts)) as content:
            async for part in content:
                if part:
                    await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _from_thread(self, parts: Iterator[bytes]) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        while (part := await loop.run_in_executor(self.pool, next, parts, None)) is not None:
            yield part


async def _body_of(receive: Receive) -> Any:
    """The body as a file, on disk when it is large; None when the client left before it was complete."""
    body = tempfile.SpooledTemporaryFile(max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE)  # noqa: SIM115
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            body.close()
            return None
        body.write(message.get("body", b""))
        more = message.get("more_body", False)
    body.seek(0)
    return body


def _headers_of(response: HttpResponseBase) -> list[tuple[bytes, bytes]]:
    # lower case, as ASGI asks for: the request log looks for the id by that name
    headers = [(name.lower().encode("ascii"), value.encode("latin1")) for name, value in response.items()]
    for cookie in response.cookies.values():
        headers.append((b"set-cookie", cookie.output(header="").encode("ascii").strip()))
    return headers


async def _until_gone(sending: Any, receive: Receive) -> None:
    """Send until done or until the client is gone, whichever is first."""
    tasks = [asyncio.ensure_future(sending), asyncio.ensure_future(_gone(receive))]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    sent = tasks[0]
    if not sent.cancelled() and (problem := sent.exception()) is not None:
        raise problem


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass

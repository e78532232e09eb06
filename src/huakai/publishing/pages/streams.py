"""Live figures by server-sent events: one poller per process and area, however many screens listen."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from huakai.publishing import queries
from huakai.registry.access import PUBLIC, needs
from huakai.web import edge

HEARTBEAT_SECONDS = 10.0
RETRY = b"retry: 3000\n\n"
BEAT = b"event: beat\ndata: 1\n\n"


@dataclass(frozen=True)
class State:
    """What the records said at the last look."""

    figures: dict[str, str]
    screens: frozenset[UUID]


@dataclass(eq=False)
class Poller:
    """Looks at the records of one area every few seconds while anybody listens."""

    area_code: str
    seconds: float
    state: State | None = None
    listeners: int = 0
    looked: asyncio.Condition = field(default_factory=asyncio.Condition)
    task: "asyncio.Task[None] | None" = None

    async def run(self) -> None:
        """Look, tell everybody, wait. A failed look keeps the last state; the pill on the wall tells."""
        while True:
            try:
                state = await sync_to_async(_look, thread_sensitive=False)(self.area_code)
            except Exception:  # noqa: S110 - the database may be away for a moment
                pass
            else:
                async with self.looked:
                    self.state = state
                    self.looked.notify_all()
            await asyncio.sleep(self.seconds)


Key = tuple[int, str, float]
_pollers: dict[Key, Poller] = {}


def _look(area_code: str) -> State:
    close_old_connections()
    try:
        return State(queries.figures(area_code, now=edge.now_of(None)), queries.live_screens())
    finally:
        close_old_connections()


def _entered(token: str) -> tuple[UUID, str, float]:
    """The screen of a token. The connection goes back at once: the stream may stay open for days."""
    try:
        screen = queries.screen_of(token)
        return screen.pk, screen.area_code, float(queries.tick_of(screen))
    finally:
        close_old_connections()


def _join(area_code: str, seconds: float) -> tuple[Key, Poller]:
    key = (id(asyncio.get_running_loop()), area_code, seconds)
    poller = _pollers.setdefault(key, Poller(area_code, seconds))
    poller.listeners += 1
    if poller.task is None:
        poller.task = asyncio.create_task(poller.run())
    return key, poller


def _leave(key: Key, poller: Poller) -> None:
    poller.listeners -= 1
    if poller.listeners == 0:
        _pollers.pop(key, None)
        if poller.task is not None:
            poller.task.cancel()


@needs(PUBLIC)  # type: ignore[type-var]
async def events(request: HttpRequest, token: str) -> HttpResponseBase:
    """The stream of a screen: the whole state at once and whenever it changes, a heartbeat in between."""
    screen_id, area_code, seconds = await sync_to_async(_entered)(token)
    response = StreamingHttpResponse(
        _messages(screen_id, area_code, seconds), content_type="text/event-stream"
    )
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    response["Content-Encoding"] = "identity"  # a compressing middleware would hold the stream back
    return response


async def _messages(screen_id: UUID, area_code: str, seconds: float) -> AsyncIterator[bytes]:
    """Ends when the screen is revoked."""
    key, poller = _join(area_code, seconds)
    clock = asyncio.get_running_loop().time
    sent: dict[str, str] | None = None
    spoke_at = clock()
    try:
        yield RETRY
        while True:
            state = poller.state
            if state is not None and screen_id not in state.screens:
                return
            if state is not None and state.figures != sent:
                sent, spoke_at = state.figures, clock()
                yield f"data: {json.dumps(sent, ensure_ascii=False)}\n\n".encode()
            elif clock() - spoke_at >= HEARTBEAT_SECONDS:
                spoke_at = clock()
                yield BEAT
            await _next_look(poller, spoke_at + HEARTBEAT_SECONDS - clock())
    finally:
        _leave(key, poller)


async def _next_look(poller: Poller, seconds: float) -> None:
    """Wait for the poller's next look, but no longer than until the next heartbeat is due."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(max(seconds, 0.0)), poller.looked:
            await poller.looked.wait()

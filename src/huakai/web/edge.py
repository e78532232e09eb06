"""What the edge hands in: the clock tests may replace, the reader's modes, and the typed request."""

from datetime import datetime
from typing import Any, Protocol, cast

from django.http import HttpRequest

from huakai.kernel.clock import Clock, SystemClock

clock: Clock = SystemClock()
"""Read by EdgeMiddleware at the start of every request; tests put a FixedClock here."""

MODE_COOKIE = "huakai_mode"
MODES = ("std", "elder", "xl")
YEAR_SECONDS = 365 * 24 * 3600


class Reader(Protocol):
    """All the web floor asks of an actor."""

    @property
    def display(self) -> str: ...

    @property
    def signed_in(self) -> bool: ...

    def may(self, action: str, area_code: str | None = None) -> bool: ...


class Nobody:
    """Stands in where a page fails before anybody was recognised."""

    display = ""
    signed_in = False

    def may(self, action: str, area_code: str | None = None) -> bool:
        return False


NOBODY = Nobody()


class EdgeRequest(HttpRequest):
    """The request after EdgeMiddleware (typing only)."""

    now: datetime
    mode: str
    request_id: str
    actor: Any


def reader_of(request: HttpRequest) -> Reader:
    """The actor of the request, or nobody when the request failed before sign-in was looked at."""
    return cast(Reader, getattr(request, "actor", None) or NOBODY)


def now_of(request: HttpRequest | None) -> datetime:
    """The instant of the request; the edge clock where there is no request."""
    known = getattr(request, "now", None)
    return known if isinstance(known, datetime) else clock.now()

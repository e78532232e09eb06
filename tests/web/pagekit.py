"""Requests as the edge leaves them, for tests of the chrome that need no database."""

from typing import Any

from django.http import HttpRequest
from django.test import RequestFactory

from huakai.registry.types import Actor
from tests import cast as people


def page_request(
    path: str = "/parts", *, mode: str = "std", actor: Actor | None = None, **meta: Any
) -> HttpRequest:
    """A GET as it reaches a view."""
    request = RequestFactory().get(path, **meta)
    request.now = people.NOW  # type: ignore[attr-defined]
    request.mode = mode  # type: ignore[attr-defined]
    request.request_id = "0" * 32  # type: ignore[attr-defined]
    request.actor = actor or Actor()  # type: ignore[attr-defined]
    return request

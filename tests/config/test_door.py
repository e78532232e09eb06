"""Machines go the short way: same headers, same refusals, and nobody comes in who would not have."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django.fixtures import Settings

from huakai.config.urls import urlpatterns as every_page

DOOR = "huakai.config.door.MachineDoor"


def unguarded(request: HttpRequest) -> HttpResponse:
    """A page that forgot to say who may see it."""
    return HttpResponse("secret")


urlpatterns = [path("api/page", unguarded), path("", include(every_page))]


@pytest.fixture
def both_ways(settings: Settings) -> tuple[Client, Client]:
    """A client as it is, and one whose requests all pass the pages' middleware."""
    short, long = Client(), Client()
    short.handler.load_middleware()
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != DOOR]
    long.handler.load_middleware()
    return short, long


ASKED = [
    ("get", "/api/v1/cases", {}),
    ("get", "/api/v1/cases", {"headers": {"Accept-Language": "en"}, "secure": True}),
    ("put", "/api/v1/cases", {}),
    ("get", "/api/v1/nothing", {}),
    ("get", "/api/v1/cases/", {}),
    ("get", "/api/v1/openapi.json", {}),
    ("get", "/api/v1/cases", {"headers": {"Host": "elsewhere.example"}}),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "address", "options"), ASKED)
def test_the_short_way_answers_what_the_long_way_does(
    method: str, address: str, options: dict[str, Any], both_ways: tuple[Client, Client]
) -> None:
    short, long = (getattr(each, method)(address, **options) for each in both_ways)
    assert short.status_code == long.status_code
    assert _without_id(short) == _without_id(long)
    assert _told(short) | {"Content-Length": ""} == _told(long) | {"Content-Length": ""}


def _without_id(answer: HttpResponse) -> bytes:
    return answer.content.replace(answer["X-Request-ID"].encode(), b"")


def _told(answer: HttpResponse) -> dict[str, str]:
    """The headers, but for what differs from one answer to the next."""
    told = dict(answer.items()) | {"X-Request-ID": str(len(answer["X-Request-ID"]))}
    told["Content-Security-Policy"] = ";".join(sorted(told["Content-Security-Policy"].split("; ")))
    return told


def test_a_page_put_under_the_api_is_held_to_its_declaration(client: Client, settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    assert client.get("/api/page").status_code == 500

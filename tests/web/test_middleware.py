"""The edge of a request: id, clock, mode, usable browser, refusals."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from huakai.kernel.clock import FixedClock
from huakai.kernel.errors import RuleBroken
from huakai.web import middleware


def seen(request: HttpRequest) -> tuple[HttpRequest, HttpResponse]:
    """Pass one request through the edge."""
    response = middleware.EdgeMiddleware(lambda _: HttpResponse("ok"))(request)
    return request, response


def test_the_edge_hands_in_the_clock_and_an_id_of_that_instant(clock: FixedClock) -> None:
    request, response = seen(RequestFactory().get("/"))
    assert request.now == clock.at  # type: ignore[attr-defined]
    assert response["X-Request-ID"] == request.request_id  # type: ignore[attr-defined]
    assert len(response["X-Request-ID"]) == 32


@pytest.mark.parametrize(("cookie", "mode"), [("elder", "elder"), ("xl", "xl"), ("huge", "std"), ("", "std")])
def test_the_mode_comes_from_the_cookie_and_only_known_ones_count(cookie: str, mode: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["huakai_mode"] = cookie
    assert seen(request)[0].mode == mode  # type: ignore[attr-defined]


def test_internet_explorer_gets_a_plain_page_naming_a_usable_browser() -> None:
    agent = "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko"
    _, response = seen(RequestFactory().get("/m/", headers={"User-Agent": agent}))
    assert "极速模式" in response.content.decode()
    _, machine = seen(RequestFactory().get("/api/v1/cases", headers={"User-Agent": agent}))
    assert machine.content == b"ok"


def test_an_uncaught_refusal_becomes_a_page_but_other_errors_and_the_api_are_left_alone() -> None:
    edge = middleware.RuleBrokenMiddleware(lambda _: HttpResponse())
    refused = edge.process_exception(RequestFactory().post("/m/x"), RuleBroken("late", "已经派出"))
    assert refused is not None
    assert refused.status_code == 422
    assert edge.process_exception(RequestFactory().post("/m/x"), KeyError("x")) is None
    assert edge.process_exception(RequestFactory().post("/api/v1/x"), RuleBroken("late", "已经派出")) is None

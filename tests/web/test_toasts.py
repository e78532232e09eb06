"""One sentence after a success, shown once."""

import json

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from huakai.web import toasts


def carried(response: HttpResponse) -> HttpRequest:
    """The next request of the same browser."""
    request = RequestFactory().get("/m/mine/")
    request.COOKIES[toasts.COOKIE] = response.cookies[toasts.COOKIE].value
    return request


def test_toast_waits_over_a_redirect_and_is_forgotten_once_shown() -> None:
    left = toasts.toast(RequestFactory().post("/x"), HttpResponse(status=302), "已点单，11:40 前安排")
    assert left.cookies.output().isascii(), "a header is latin-1"
    request = carried(left)
    assert toasts.waiting(request) == "已点单，11:40 前安排"
    shown = HttpResponse()
    toasts.forget_shown(request, shown)
    assert shown.cookies[toasts.COOKIE]["max-age"] == 0


def test_toast_of_a_swapped_part_travels_as_an_ascii_header() -> None:
    request = RequestFactory().post("/x", headers={"HX-Request": "true"})
    header = toasts.toast(request, HttpResponse(), "已派单")["HX-Trigger"]
    assert header.isascii()
    assert json.loads(header) == {"hk-toast": {"text": "已派单"}}


def test_waiting_ignores_a_forged_sentence() -> None:
    request = RequestFactory().get("/")
    request.COOKIES[toasts.COOKIE] = "forged:1:2"
    assert toasts.waiting(request) == ""

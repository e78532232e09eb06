"""Every failure is a sentence, a next step and a telephone number, in the reader's language, and leaks nothing."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from huakai.kernel.errors import NotAllowed, NotFound, RuleBroken
from huakai.web import errors
from tests.web.pagekit import page_request

VIEWS: list[tuple[Callable[[HttpRequest], HttpResponse], int, str, str]] = [
    (errors.bad_request, 400, "这次请求没有看懂", "could not be read"),
    (errors.permission_denied, 403, "请联系本单位管理员", "Ask the administrator"),
    (errors.csrf_failure, 403, "页面停留太久", "stayed open too long"),
    (errors.page_not_found, 404, "没有找到这一页", "was not found"),
    (errors.server_error, 500, "系统暂时出了问题", "went wrong"),
    (errors.service_unavailable, 503, "系统正在维护", "being maintained"),
]


@pytest.mark.parametrize(("view", "status", "chinese", "english"), VIEWS)
def test_error_pages_speak_both_languages_and_name_the_hotline(
    view: Callable[[HttpRequest], HttpResponse], status: int, chinese: str, english: str
) -> None:
    for language, words, tag in (("zh-hans", chinese, 'lang="zh-CN"'), ("en", english, 'lang="en"')):
        with translation.override(language):
            response = view(page_request("/nowhere"))
        page = response.content.decode()
        assert response.status_code == status
        assert words in page
        assert tag in page
        assert f"tel:{settings.HOTLINE}" in page


def test_words_of_fills_the_named_places_in_the_readers_language() -> None:
    error = RuleBroken("x", "共 {n} 条", n=3)
    assert errors.words_of(error) == "共 3 条"


def test_refusal_tells_the_kinds_apart() -> None:
    request = page_request()
    assert errors.refusal(request, NotAllowed("no", "请找队长")).status_code == 403
    assert errors.refusal(request, NotFound("gone", "没有这一单")).status_code == 404
    assert errors.refusal(request, RuleBroken("late", "已经派出")).status_code == 422


def test_refusal_reaches_htmx_as_a_fragment_for_the_top_of_the_page() -> None:
    request = page_request(headers={"HX-Request": "true", "HX-Target": "pane"})
    response = errors.refusal(request, RuleBroken("late", "已经派出"))
    assert response["HX-Retarget"] == "#flash"
    assert "<html" not in response.content.decode()
    assert "已经派出" in response.content.decode()
    assert "hk-toast" in response["HX-Trigger"]


def test_show_never_raises_and_never_leaks(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> HttpResponse:
        raise RuntimeError("postgresql://secret")

    monkeypatch.setattr(errors, "_rendered", broken)
    response = errors.server_error(page_request())
    assert response.status_code == 500
    assert b"secret" not in response.content
    assert "请稍后再试" in response.content.decode()


def test_server_error_calls_a_database_that_is_away_maintenance() -> None:
    try:
        raise OperationalError("connection refused")
    except OperationalError:
        response = errors.server_error(page_request())
    assert (response.status_code, response["Retry-After"]) == (503, "120")

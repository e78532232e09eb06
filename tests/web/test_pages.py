"""Whole page or named part, and where a page may send people."""

import pytest
from django.test import RequestFactory

from huakai.web import pages
from tests.web.pagekit import page_request

ERROR = "web/error.html"


def test_asks_for_names_a_part_only_when_the_page_offers_it() -> None:
    headers = {"HX-Request": "true", "HX-Target": "pane"}
    request = RequestFactory().get("/", headers=headers)
    assert pages.asks_for(request, ("rows", "pane")) == "pane"
    assert pages.asks_for(request, ("rows",)) == ""
    assert pages.asks_for(RequestFactory().get("/", headers={"HX-Target": "pane"}), ("pane",)) == ""


def test_asks_for_gives_the_whole_page_when_history_is_restored() -> None:
    headers = {"HX-Request": "true", "HX-Target": "pane", "HX-History-Restore-Request": "true"}
    assert pages.asks_for(RequestFactory().get("/", headers=headers), ("pane",)) == ""


def test_render_page_renders_the_named_partial_alone_and_always_varies() -> None:
    context = {"title": "不行", "advice": "改一改", "trouble": {"icon": "lock", "status": 422}}
    whole = pages.render_page(page_request(), ERROR, context, part="flash", status=422)
    part = pages.render_page(
        page_request(headers={"HX-Request": "true", "HX-Target": "flash"}),
        ERROR,
        context,
        part="flash",
        status=422,
    )
    assert (whole.status_code, part.status_code) == (422, 422)
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert "不行" in part.content.decode()
    assert "HX-Request" in whole["Vary"]
    assert "HX-Target" in part["Vary"]


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/m/mine/?tab=open", "/m/mine/?tab=open"),
        ("https://elsewhere.example/x", "/m/"),
        ("//elsewhere.example/x", "/m/"),
        ("javascript:alert(1)", "/m/"),
        ("", "/m/"),
    ],
)
def test_back_to_stays_on_this_site(wanted: str, leads_to: str) -> None:
    request = RequestFactory().post("/mode/", {"next": wanted})
    assert pages.back_to(request, "/m/") == leads_to


def test_go_redirects_plainly_and_by_header_for_htmx() -> None:
    plain = pages.go(RequestFactory().post("/x"), "/m/mine/", say="已点单")
    htmx = pages.go(RequestFactory().post("/x", headers={"HX-Request": "true"}), "/m/mine/", say="已点单")
    assert (plain.status_code, plain["Location"]) == (302, "/m/mine/")
    assert (htmx.status_code, htmx["HX-Redirect"]) == (204, "/m/mine/")
    assert "huakai_toast" in plain.cookies
    assert "huakai_toast" in htmx.cookies

"""Letter size and language without an account."""

from django.test import RequestFactory

from huakai.web import switches


def test_set_mode_keeps_a_known_mode_and_returns_to_the_page() -> None:
    response = switches.set_mode(RequestFactory().post("/mode/", {"mode": "elder", "next": "/m/"}))
    assert response["Location"] == "/m/"
    assert response.cookies["huakai_mode"].value == "elder"
    assert not switches.set_mode(RequestFactory().post("/mode/", {"mode": "giant"})).cookies


def test_set_language_keeps_a_known_language_only() -> None:
    response = switches.set_language(RequestFactory().post("/language/", {"language": "en"}))
    assert response.cookies["huakai_language"].value == "en"
    assert not switches.set_language(RequestFactory().post("/language/", {"language": "xx"})).cookies


def test_switches_are_writes_and_refuse_get() -> None:
    assert switches.set_mode(RequestFactory().get("/mode/")).status_code == 405

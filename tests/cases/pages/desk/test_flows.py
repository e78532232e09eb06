"""Flow pages: drawn and told from the pack, for staff."""

from collections.abc import Callable

from django.test import Client

Browser = Callable[[str], Client]


def test_a_flow_is_shown_as_picture_and_table(client_of: Browser) -> None:
    client = client_of("centre_staff")
    assert "/desk/flows/demand/" in client.get("/desk/flows/").content.decode()
    page = client.get("/desk/flows/demand/").content.decode()
    assert page.count("<rect") == 5
    assert "4 个工作小时" in page
    assert "企呼" in page
    assert "style=" not in page


def test_an_unknown_flow_is_missing_and_residents_are_refused(client_of: Browser) -> None:
    assert client_of("centre_staff").get("/desk/flows/moon/").status_code == 404
    assert client_of("resident").get("/desk/flows/").status_code == 403

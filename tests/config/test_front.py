"""The bare address leads everybody to their own front page."""

from collections.abc import Callable

import pytest
from django.test import Client


@pytest.mark.parametrize(("role", "where"), [("street_staff", "/desk/"), ("resident", "/m/")])
def test_the_bare_address_leads_to_ones_own_front_page(
    client_of: Callable[[str], Client], role: str, where: str
) -> None:
    assert client_of(role).get("/").headers["Location"] == where


def test_a_visitor_lands_on_the_phone_page(client: Client, shizhong: object) -> None:
    assert client.get("/").headers["Location"] == "/m/"

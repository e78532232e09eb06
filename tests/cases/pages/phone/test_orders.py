"""A resident's orders: what happens at the edges of their addresses."""

from collections.abc import Callable
from datetime import datetime

from django.test import Client

from huakai.registry.types import Actor
from tests.factories.cases import open_one

Who = Callable[[str], Actor]
Browser = Callable[[str], Client]


def test_the_address_of_a_form_opened_by_hand_says_what_to_do(
    client_of: Browser, actor: Who, now: datetime
) -> None:
    """A reader reloads by the address after a refused form, or the language switch leads back there."""
    case_id = open_one(actor("resident"), now)
    shown = client_of("resident").get(f"/m/orders/{case_id}/rate/")
    assert (shown.status_code, shown["Allow"]) == (405, "POST")
    assert "这一步要从页面上的按钮做" in shown.content.decode()

"""One's own minutes and points."""

from collections.abc import Callable
from datetime import datetime

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from huakai.cases.types import Taker, TakerKind
from huakai.registry.types import Actor
from tests.cast import Cast
from tests.factories.cases import move, open_one


def test_the_lines_add_up_to_the_balance_and_the_tariff_stands_beside(
    cast: Cast,
    actor: Callable[[str], Actor],
    client_of: Callable[[str], Client],
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number, minutes in enumerate((50, 70)):
        case_id = open_one(actor("resident"), now, key=str(number))
        volunteer = Taker(TakerKind.PERSON, cast["volunteer"].person_id)
        move(case_id, "offer", actor("street_staff"), now, taker=volunteer)
        move(case_id, "accept", actor("volunteer"), now)
        move(case_id, "finish", actor("volunteer"), now, result="修好了", minutes=minutes)
    client = client_of("volunteer")
    with django_assert_max_num_queries(5):
        page = client.get("/m/hours/").content.decode()
    assert "2小时" in page
    assert page.count("家电小修") == 2
    assert "+50" in page
    assert "+70" in page
    assert "每满1小时10分" in page


def test_who_has_served_nothing_is_shown_where_to_begin(client_of: Callable[[str], Client]) -> None:
    assert "还没有服务记录" in client_of("resident").get("/m/hours/").content.decode()


def test_nobody_else_looks_into_a_book(client: Client, db: None) -> None:
    assert client.get("/m/hours/")["Location"].startswith("/signin/")

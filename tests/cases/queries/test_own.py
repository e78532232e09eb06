"""One's own address in clear, nobody else's."""

from collections.abc import Callable
from datetime import datetime, timedelta

from huakai.cases import queries as cases
from huakai.registry.types import ANONYMOUS, Actor
from tests.factories.cases import open_one

Who = Callable[[str], Actor]


def test_the_newest_address_of_ones_own_orders_is_offered_again(actor: Who, now: datetime) -> None:
    open_one(actor("resident"), now, key="old", address="旧地址")
    open_one(actor("resident"), now + timedelta(days=1), key="new", address="新地址")
    open_one(actor("resident"), now + timedelta(days=2), key="mum", address="父母家", served_for="parents")
    assert cases.my_last_address(actor("resident")) == "新地址"
    assert cases.my_last_address(actor("neighbour")) == ""
    assert cases.my_last_address(ANONYMOUS) == ""


def test_only_who_ordered_or_is_helped_reads_the_address_of_an_order(actor: Who, now: datetime) -> None:
    case_id = open_one(actor("resident"), now, address="3栋2单元401")
    assert cases.my_address(actor("resident"), case_id) == "3栋2单元401"
    for role in ("neighbour", "volunteer", "centre_staff"):
        assert cases.my_address(actor(role), case_id) == ""
    assert cases.my_address(ANONYMOUS, case_id) == ""

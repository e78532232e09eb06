"""Booked-out visits: the limit of an area holds when two residents take its last place at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from huakai.cases import rules
from huakai.cases.queries.catalogue import Menu
from huakai.cases.queries.slots import visits_wanted
from huakai.cases.types import NewOrder
from huakai.kernel.errors import N_, RuleBroken
from huakai.registry.types import Actor


@contextmanager
def visit_held(order: NewOrder, menu: Menu, by: Actor) -> Iterator[None]:
    """Around the write of a new case: refuse a time the area has no visit left for.

    The lock on area and time lasts until the transaction ends, so the next one counts this case too. A double tap
    must find its first case, not a full house: the opener's own key is not counted.
    """
    span = rules.visit_span(order.wanted_at, menu.visit_times) if order.wanted_at else None
    if span is None or menu.visit_capacity is None:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
                [f"visit {order.area_code} {span[0].isoformat()}"],
            )
        others = visits_wanted(order.area_code, *span).exclude(
            opened_by_id=by.person_id, client_key=order.client_key
        )
        if others.count() >= menu.visit_capacity:
            raise RuleBroken("visit_full", N_("这个时间约满了，请换一个时间"), field="wanted_at")
        yield

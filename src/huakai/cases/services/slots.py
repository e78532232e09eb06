"""Booked-out visits: the limit of an area holds when two residents take its last place at once."""

from django.db import connection

from huakai.cases import rules
from huakai.cases.queries.catalogue import Menu
from huakai.cases.queries.slots import visits_wanted
from huakai.cases.types import NewOrder
from huakai.kernel.errors import N_, RuleBroken
from huakai.registry.types import Actor


def hold_visit(order: NewOrder, menu: Menu, by: Actor) -> None:
    """Refuse a time the area has no visit left for; asked in the transaction that opens the case, before its row.

    The lock on area and time lasts until that transaction ends, so the next one counts this case too. A double
    tap must find its first case, not a full house: the opener's own key is not counted.
    """
    span = rules.visit_span(order.wanted_at, menu.visit_times) if order.wanted_at else None
    if span is None or menu.visit_capacity is None:
        return
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

"""Totals of what was counted or measured on cases: by code, never across codes (row HY-02)."""

from datetime import datetime
from decimal import Decimal

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Sum
from django.utils.translation import get_language

from huakai.cases import rules
from huakai.cases.models import Quantity
from huakai.cases.queries import catalogue
from huakai.cases.queries.lists import narrowed
from huakai.cases.queries.rows import visible
from huakai.cases.types import CaseFilter, QuantityTotal
from huakai.packs.types import say
from huakai.registry.types import Actor


def quantity_totals(actor: Actor, wanted: CaseFilter, *, now: datetime) -> tuple[QuantityTotal, ...]:
    """What the cases of a filter add up to, one line a flow, code and measure word, in the flow's order.

    The same filter lists the cases behind a line. Amounts are those of cases `actor` may count (`panel.view`).
    """
    rows = narrowed(visible(actor, "panel.view"), wanted, actor, now)
    found = Quantity.objects.filter(case__in=rows).values("case__flow", "code", "measure")
    sums = found.annotate(total=Sum("amount"), count=Count("pk"), marks=ArrayAgg("mark", distinct=True))
    flows = catalogue.menu(actor.pack_code).flows
    lang = get_language() or "zh-hans"
    places = {
        (f.code, q.code): (at, say(q, "title", lang))
        for f in flows.values()
        for at, q in enumerate(f.quantities)
    }
    totals = [
        QuantityTotal(
            flow=line["case__flow"],
            code=line["code"],
            title=places.get((line["case__flow"], line["code"]), (0, line["code"]))[1],
            amount=line["total"],
            mark=rules.mark_of_sum(line["marks"]),
            measure=line["measure"],
            cases=line["count"],
            text=rules.printed(_plain(line["total"]), rules.mark_of_sum(line["marks"]), line["measure"]),
        )
        for line in sums.order_by()
    ]
    last = len(places)
    return tuple(
        sorted(totals, key=lambda t: (t.flow, places.get((t.flow, t.code), (last, ""))[0], t.measure))
    )


def _plain(amount: Decimal) -> str:
    """Digits without the zeros the column pads: 50, 0.5."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

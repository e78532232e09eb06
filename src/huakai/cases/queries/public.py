"""The public list of flows that are public: matter, promise and result, never persons (row QG-03)."""

from huakai.cases.models import Case
from huakai.cases.queries import catalogue
from huakai.cases.types import PublicLine
from huakai.packs import queries as packs

STANDING = ("open", "parked")


def public_list(area_code: str, *, done: bool = False, limit: int = 100) -> tuple[PublicLine, ...]:
    """What was promised under a unit: still to be done, soonest promise first, or (`done`) kept, newest first.

    Anybody may read it. It shows the matter's title and area, never who asked, and the result as filed.
    """
    menu = catalogue.menu(packs.pack_of(area_code))
    public = [code for code, flow in menu.flows.items() if flow.public and not flow.restricted]
    rows = Case.objects.filter(flow__in=public, area_code__startswith=area_code, restricted=False)
    rows = rows.select_related("area", "lead_unit")
    if done:
        rows = rows.filter(status="closed").order_by("-closed_at", "-id")
    else:
        rows = rows.filter(status__in=STANDING).order_by("finish_due_at", "id")
    return tuple(_line(case) for case in rows[:limit])


def _line(case: Case) -> PublicLine:
    return PublicLine(
        number=case.number,
        title=case.title,
        area_name=case.area.name,
        owner=case.lead_unit.name if case.lead_unit else "",
        promised_for=case.finish_due_at if case.lead_unit_code else None,
        result=case.result_text if case.status == "closed" else "",
        closed_at=case.closed_at,
        stars=case.stars,
    )

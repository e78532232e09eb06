"""From a table row to a line of a list, and the one predicate of who sees which cases."""

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from huakai.cases.models import Case
from huakai.cases.queries import catalogue
from huakai.cases.types import CaseRow
from huakai.packs.types import say
from huakai.registry.access import scope_q
from huakai.registry.types import Actor

JOINS = ("area", "requester", "taker_person", "taker_team", "lead_unit")


def visible(actor: Actor, action: str = "case.view") -> QuerySet[Case]:
    """The cases `actor` may touch: by area, by responsible unit, or as one's own."""
    if "" in actor.prefixes(action):
        return Case.objects.all()
    own = Q(pk__in=[])
    if actor.person_id is not None:
        own = Q(requester_id=actor.person_id) | Q(taker_person_id=actor.person_id)
        if actor.led_team_ids:
            own |= Q(taker_team_id__in=actor.led_team_ids)
    by_area = scope_q(actor, action, own=own)
    by_unit = scope_q(actor, action, area_field="lead_unit_code")
    return Case.objects.filter(by_area | by_unit)


def row_of(case: Case) -> CaseRow:
    """One line; the case comes with JOINS selected, so nothing is fetched here."""
    lang = get_language() or "zh-hans"
    menu = catalogue.menu_of_edition(case.edition_id)
    stage = menu.flows[case.flow].stage(case.stage)
    category = menu.categories.get(case.category)
    service = menu.services.get(case.service)
    return CaseRow(
        id=case.id,
        number=case.number,
        flow=case.flow,
        stage=case.stage,
        stage_title=say(stage, "title", lang),
        tone=stage.tone,
        status=case.status,
        title=say(service, "title", lang) if service and case.title == service.title else case.title,
        category=case.category,
        category_title=say(category, "title", lang) if category else case.category,
        area_code=case.area_code,
        area_name=case.area.name,
        requester=case.requester.name_masked,
        caller_kind=case.caller_kind,
        channel=case.channel,
        opened_at=case.opened_at,
        due_at=case.due_at,
        due_estimated=case.due_estimated,
        answer_due_at=case.answer_due_at,
        first_answer_at=case.first_answer_at,
        closed_at=case.closed_at,
        taker=taker_name(case),
        stars=case.stars,
    )


def taker_name(case: Case) -> str:
    """Who has it: a team's or unit's name in full, a person masked."""
    if case.taker_team is not None:
        return str(case.taker_team.name)
    if case.taker_person is not None:
        return str(case.taker_person.name_masked)
    return str(case.lead_unit.name) if case.lead_unit is not None else ""

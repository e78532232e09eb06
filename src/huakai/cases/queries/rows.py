"""From a table row to a line of a list, and the one predicate of who sees which cases."""

from functools import lru_cache
from typing import Any
from uuid import UUID

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


COLUMNS = (
    "id", "number", "edition_id", "flow", "stage", "status", "category", "service", "title", "area_code",
    "area__name", "requester__name_masked", "caller_kind", "channel", "opened_at", "due_at", "due_estimated",
    "answer_due_at", "first_answer_at", "closed_at", "stars", "taker_team__name", "taker_person__name_masked",
    "lead_unit__name",
)  # fmt: skip


def listed(rows: QuerySet[Case]) -> list[CaseRow]:
    """Lines of a list, in one query and without a model instance per line and join."""
    lang = get_language() or "zh-hans"
    return [_row(values, lang) for values in rows.values_list(*COLUMNS)]


def row_of(case: Case) -> CaseRow:
    """One line; the case comes with JOINS selected, so nothing is fetched here."""
    values = (
        case.id, case.number, case.edition_id, case.flow, case.stage, case.status, case.category, case.service,
        case.title, case.area_code, case.area.name, case.requester.name_masked, case.caller_kind, case.channel,
        case.opened_at, case.due_at, case.due_estimated, case.answer_due_at, case.first_answer_at,
        case.closed_at, case.stars, taker_name(case), "", "",
    )  # fmt: skip
    return _row(values, get_language() or "zh-hans")


def _row(values: tuple[Any, ...], lang: str) -> CaseRow:
    (id_, number, edition, flow, stage, status, category, service, title, area_code, area, requester, caller_kind,
     channel, opened_at, due_at, due_estimated, answer_due_at, first_answer_at, closed_at, stars, team, person,
     unit) = values  # fmt: skip
    stage_title, tone = _stage_words(edition, flow, stage, lang)
    category_title, service_title, own_title = _subject_words(edition, category, service, lang)
    return CaseRow(
        id=id_,
        number=number,
        flow=flow,
        stage=stage,
        stage_title=stage_title,
        tone=tone,
        status=status,
        title=service_title if service_title and title == own_title else title,
        category=category,
        category_title=category_title,
        area_code=area_code,
        area_name=area,
        requester=requester,
        caller_kind=caller_kind,
        channel=channel,
        opened_at=opened_at,
        due_at=due_at,
        due_estimated=due_estimated,
        answer_due_at=answer_due_at,
        first_answer_at=first_answer_at,
        closed_at=closed_at,
        taker=team or person or unit or "",
        stars=stars,
    )


@lru_cache(maxsize=4096)
def _stage_words(edition_id: UUID, flow: str, code: str, lang: str) -> tuple[str, str]:
    """Title and tone of a stage; an edition never changes."""
    stage = catalogue.menu_of_edition(edition_id).flows[flow].stage(code)
    return say(stage, "title", lang), stage.tone


@lru_cache(maxsize=4096)
def _subject_words(edition_id: UUID, category: str, service: str, lang: str) -> tuple[str, str, str]:
    """(title of the category, of the service, of the service in its own language)."""
    menu = catalogue.menu_of_edition(edition_id)
    about, offered = menu.categories.get(category), menu.services.get(service)
    words = (say(offered, "title", lang), offered.title) if offered else ("", "")
    return say(about, "title", lang) if about else category, *words


def taker_name(case: Case) -> str:
    """Who has it: a team's or unit's name in full, a person masked."""
    if case.taker_team is not None:
        return str(case.taker_team.name)
    if case.taker_person is not None:
        return str(case.taker_person.name_masked)
    return str(case.lead_unit.name) if case.lead_unit is not None else ""

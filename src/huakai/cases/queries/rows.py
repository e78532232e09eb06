"""From a table row to a line of a list, and the one predicate of who sees which cases."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huakai.cases.models import Assignment, Case
from huakai.cases.queries import catalogue
from huakai.cases.types import CaseRow
from huakai.packs.types import say
from huakai.registry import queries as registry
from huakai.registry.access import scope_q
from huakai.registry.types import Actor

JOINS = ("area", "requester", "taker_person", "taker_team", "lead_unit")


def visible(actor: Actor, action: str = "case.view") -> QuerySet[Case]:
    """The cases `actor` may touch: by area, by responsible unit, by a part in it, or as one's own.

    Restricted cases (disputes, children, poor households) are left out of the area's lists, and only counted
    (`panel.view`) for whoever does not hold `case.restricted` there.
    """
    if "" in actor.prefixes(action):
        return Case.objects.all()
    mine = Q(pk__in=[])
    if actor.person_id is not None and action in actor.own:
        mine = Q(requester_id=actor.person_id) | Q(taker_person_id=actor.person_id)
        if actor.led_team_ids:
            mine |= Q(taker_team_id__in=actor.led_team_ids)
    by_area = scope_q(actor, action)
    if action != COUNTING and by_area != _NOTHING:
        by_area &= Q(restricted=False) | scope_q(actor, "case.restricted")
    by_unit = scope_q(actor, action, area_field="lead_unit_code")
    return Case.objects.filter(by_area | by_unit | mine | _found_by(actor, action) | _parts(actor, action))


COUNTING = "panel.view"
_NOTHING = Q(pk__in=[])


def _found_by(actor: Actor, action: str) -> Q:
    """What a group of the actor's branch found. What a grid or a street found lies in their area anyway."""
    found = _NOTHING
    for prefix in actor.prefixes(action):
        if not prefix.isdigit():
            found |= Q(found_by_code__startswith=prefix)
    return found


def _parts(actor: Actor, action: str) -> Q:
    """Cases in which a unit of the actor's has, or had, a part (协办); asked only where flows have parts."""
    prefixes = actor.prefixes(action)
    if not prefixes or not actor.pack_code or not any(m.has_parts for m in catalogue.menus(actor.pack_code)):
        return _NOTHING
    parts = Q()
    for prefix in prefixes:
        parts |= Q(unit_code__startswith=prefix)
    return Q(pk__in=Assignment.objects.filter(parts, is_part=True).values("case_id"))


def sees(actor: Actor, case: Case, chain: Iterable[Assignment] = ()) -> bool:
    """`visible` asked of one case that is already read with its chain; a test holds the two together."""
    shown = not case.restricted or actor.may("case.restricted", case.area_code)
    if shown and actor.may("case.view", case.area_code):
        return True
    units = [case.lead_unit_code, *(link.unit_code for link in chain if link.is_part)]
    if any(code and actor.may("case.view", code) for code in units):
        return True
    if any(
        case.found_by_code.startswith(prefix)
        for prefix in actor.prefixes("case.view")
        if not prefix.isdigit()
    ):
        return True
    if actor.person_id is None or "case.view" not in actor.own:
        return False
    mine = actor.person_id in (case.requester_id, case.taker_person_id)
    return mine or case.taker_team_id in actor.led_team_ids


COLUMNS = (
    "id", "number", "edition_id", "flow", "stage", "status", "category", "service", "title", "area_code",
    "caller_kind", "channel", "opened_at", "due_at", "due_estimated", "answer_due_at", "first_answer_at",
    "closed_at", "stars", "area_id", "requester_id", "taker_team_id", "taker_person_id", "lead_unit_id",
    "restricted", "review_at", "feedback_due_at", "outcome",
)  # fmt: skip


def listed(rows: QuerySet[Case]) -> list[CaseRow]:
    """Lines of a list in two queries: the cases without a join, and all their names."""
    return listed_together(rows)[0]


def listed_together(*lists: QuerySet[Case]) -> list[list[CaseRow]]:
    """Lines of several lists: one query each, and one for the names of all."""
    lang = get_language() or "zh-hans"
    values = [list(rows.values_list(*COLUMNS)) for rows in lists]
    found = [row for rows in values for row in rows]
    names = registry.names_of(
        units=(key for row in found for key in (row[19], row[23])),
        persons=(key for row in found for key in (row[20], row[22])),
        teams=(row[21] for row in found),
    )
    return [[_row(row, names, lang) for row in rows] for rows in values]


def row_of(case: Case, names: Mapping[UUID, str] | None = None) -> CaseRow:
    """One line; the case comes with JOINS selected or with the names of its keys, so nothing is fetched here."""
    if names is None:
        parties = (case.area, case.taker_team, case.lead_unit)
        names = {party.pk: party.name for party in parties if party is not None}
        persons = (case.requester, case.taker_person)
        names |= {person.pk: person.name_masked for person in persons if person is not None}
    return _row(tuple(getattr(case, name) for name in COLUMNS), names, get_language() or "zh-hans")


def _row(values: tuple[Any, ...], names: Mapping[UUID, str], lang: str) -> CaseRow:
    (id_, number, edition, flow, stage, status, category, service, title, area_code, caller_kind, channel, opened_at,
     due_at, due_estimated, answer_due_at, first_answer_at, closed_at, stars, area, requester, team, person,
     unit, restricted, review_at, feedback_due_at, outcome) = values  # fmt: skip
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
        title=category_title
        if restricted
        else service_title
        if title == own_title and service_title
        else title,
        category=category,
        category_title=category_title,
        area_code=area_code,
        area_name=names[area],
        requester=_("不公开") if restricted else names[requester],
        caller_kind=caller_kind,
        channel=channel,
        opened_at=opened_at,
        due_at=due_at,
        due_estimated=due_estimated,
        answer_due_at=answer_due_at,
        first_answer_at=first_answer_at,
        closed_at=closed_at,
        taker=names.get(team or person or unit, ""),
        stars=stars,
        restricted=restricted,
        review_at=review_at,
        feedback_due_at=feedback_due_at,
        outcome=_outcome_words(edition, flow, outcome, lang) if outcome else "",
    )


@lru_cache(maxsize=4096)
def _stage_words(edition_id: UUID, flow: str, code: str, lang: str) -> tuple[str, str]:
    """Title and tone of a stage; an edition never changes."""
    stage = catalogue.menu_of_edition(edition_id).flows[flow].stage(code)
    return say(stage, "title", lang), stage.tone


@lru_cache(maxsize=4096)
def _outcome_words(edition_id: UUID, flow: str, code: str, lang: str) -> str:
    """Title of an outcome word."""
    word = catalogue.menu_of_edition(edition_id).flows[flow].outcome(code)
    return say(word, "title", lang) if word else code


@lru_cache(maxsize=4096)
def _subject_words(edition_id: UUID, category: str, service: str, lang: str) -> tuple[str, str, str]:
    """(title of the category, of the service, of the service in its own language)."""
    menu = catalogue.menu_of_edition(edition_id)
    about, offered = menu.categories.get(category), menu.services.get(service)
    words = (say(offered, "title", lang), offered.title) if offered else ("", "")
    return say(about, "title", lang) if about else category, *words

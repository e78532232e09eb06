"""From a table row to a line of a list, and the one predicate of who sees which cases."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from psycopg.pq import Format

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


def sees(actor: Actor, case: Case) -> bool:
    """`visible` asked of one case that is already read; a test holds the two together."""
    if actor.may("case.view", case.area_code):
        return True
    if case.lead_unit_code and actor.may("case.view", case.lead_unit_code):
        return True
    if actor.person_id is None or "case.view" not in actor.own:
        return False
    mine = actor.person_id in (case.requester_id, case.taker_person_id)
    return mine or case.taker_team_id in actor.led_team_ids


COLUMNS = (
    "id", "number", "edition_id", "flow", "stage", "status", "category", "service", "title", "area_code",
    "caller_kind", "channel", "opened_at", "due_at", "due_estimated", "answer_due_at", "first_answer_at",
    "closed_at", "stars",
)  # fmt: skip
# Names are looked up row by row: a join of six tables took longer to plan than to run, and two ways to the database
# with hundreds of keys to carry cost more than fifty rows of these (docs/benchmarks.md).
_SHOWN = f"""
    {", ".join(f"cases_case.{name}" for name in COLUMNS)},
    (SELECT name FROM registry_unit WHERE id = cases_case.area_id),
    (SELECT name_masked FROM registry_person WHERE id = cases_case.requester_id),
    coalesce((SELECT name FROM registry_team WHERE id = cases_case.taker_team_id),
             (SELECT name_masked FROM registry_person WHERE id = cases_case.taker_person_id),
             (SELECT name FROM registry_unit WHERE id = cases_case.lead_unit_id), '')"""  # noqa: S608


def listed(rows: QuerySet[Case], *order: str, limit: int | None = None) -> list[CaseRow]:
    """Lines of a list in one query. `order` names columns, as `order_by` takes them."""
    try:
        statement, params = _statement(rows, order, limit)
    except EmptyResultSet:
        return []
    lang = get_language() or "zh-hans"
    with connection.cursor() as cursor:
        # binary: psycopg reads a hundred and fifty instants in C, where Django's own reader of text is Python
        cursor.cursor.format = Format.BINARY
        cursor.execute(statement, params)
        return [_row(row, lang) for row in cursor.fetchall()]


def _statement(rows: QuerySet[Case], order: tuple[str, ...], limit: int | None) -> tuple[str, list[Any]]:
    """The condition is the ORM's, as it narrows counters and exports too; the rest is written out, as putting a list of
    columns together took the ORM longer than reading them."""
    query = rows.query.clone()
    query.get_initial_alias()
    compiler = query.get_compiler(connection=connection)
    source, source_params = compiler.get_from_clause()
    try:
        where, params = compiler.compile(query.where)
    except FullResultSet:
        where, params = "TRUE", []
    columns = [f"cases_case.{name.lstrip('-')}{' DESC' if name[0] == '-' else ''}" for name in order]
    tail = f"ORDER BY {', '.join(columns)}" + (f" LIMIT {limit:d}" if limit is not None else "")
    statement = f"SELECT {_SHOWN} FROM {' '.join(source)} WHERE {where} {tail}"  # noqa: S608 - names of our own
    return statement, [*source_params, *params]


def row_of(case: Case, names: Mapping[UUID, str] | None = None) -> CaseRow:
    """One line; the case comes with JOINS selected or with the names of its keys, so nothing is fetched here."""
    if names is None:
        parties = (case.area, case.taker_team, case.lead_unit)
        names = {party.pk: party.name for party in parties if party is not None}
        persons = (case.requester, case.taker_person)
        names |= {person.pk: person.name_masked for person in persons if person is not None}
    taker = case.taker_team_id or case.taker_person_id or case.lead_unit_id
    shown = (names[case.area_id], names[case.requester_id], names[taker] if taker else "")
    return _row((*(getattr(case, name) for name in COLUMNS), *shown), get_language() or "zh-hans")


def _row(values: tuple[Any, ...], lang: str) -> CaseRow:
    (id_, number, edition, flow, stage, status, category, service, title, area_code, caller_kind, channel, opened_at,
     due_at, due_estimated, answer_due_at, first_answer_at, closed_at, stars, area, requester,
     taker) = values  # fmt: skip
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
        taker=taker,
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

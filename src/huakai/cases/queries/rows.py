"""From a table row to a line of a list, and the one predicate of who sees which cases."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from psycopg.pq import Format

from huakai.cases.models import Assignment, Case
from huakai.cases.queries import catalogue
from huakai.cases.queries.facts import rules_over, works_on
from huakai.cases.types import CaseMention, CaseRow
from huakai.packs.types import say
from huakai.registry.access import scope_q
from huakai.registry.types import Actor

JOINS = ("area", "requester", "taker_person", "taker_team", "lead_unit")


def visible(actor: Actor, action: str = "case.view", *, counted: bool = False) -> QuerySet[Case]:
    """The cases `actor` may touch: by area, by responsible unit, by a part in it, or as one's own.

    Restricted cases (disputes, children, poor households) are there for those who work on them and for whoever holds
    `case.restricted`; everybody else only counts them (`counted`, never for a list or a search).
    """
    hidden = not counted and "" not in actor.prefixes("case.restricted")
    if "" in actor.prefixes(action) and not hidden:
        return Case.objects.all()
    mine = _NOTHING
    if actor.person_id is not None and action in actor.own:
        mine = Q(requester_id=actor.person_id) | Q(taker_person_id=actor.person_id)
        if actor.led_team_ids:
            mine |= Q(taker_team_id__in=actor.led_team_ids)
    by_area = scope_q(actor, action)
    by_unit = scope_q(actor, action, area_field="lead_unit_code")
    found, parts = _found_by(actor, action), _parts(actor, action, hidden=hidden)
    if hidden and actor.prefixes(action):
        by_area &= Q(restricted=False) | scope_q(actor, "case.restricted")
        by_unit &= _open_to(actor, action, "restricted", "lead_unit_code")
        found &= _open_to(actor, action, "restricted", "found_by_code")
    return Case.objects.filter(by_area | by_unit | mine | found | parts)


_NOTHING = Q(pk__in=[])


def _open_to(actor: Actor, action: str, restricted: str, unit: str) -> Q:
    """Not restricted, or the unit that has to do with it is the actor's own, or the actor holds the right there."""
    own = [prefix for prefix in actor.prefixes(action) if prefix]
    by_right = scope_q(actor, "case.restricted", area_field=unit)
    return Q(**{restricted: False}) | Q(**{f"{unit}__in": own}) | by_right


def _found_by(actor: Actor, action: str) -> Q:
    """What a group of the actor's branch found. What a grid or a street found lies in their area anyway."""
    found = _NOTHING
    for prefix in _branches(actor, action):
        found |= Q(found_by_code__startswith=prefix)
    return found


def _branches(actor: Actor, action: str) -> list[str]:
    return [prefix for prefix in actor.prefixes(action) if not prefix.isdigit()]


def _parts(actor: Actor, action: str, *, hidden: bool) -> Q:
    """Cases in which a unit of the actor's has, or had, a part (协办); asked only where flows have parts."""
    prefixes = actor.prefixes(action)
    if not prefixes or not actor.pack_code or not any(m.has_parts for m in catalogue.menus(actor.pack_code)):
        return _NOTHING
    parts = Q()
    for prefix in prefixes:
        parts |= Q(unit_code__startswith=prefix)
    if hidden:
        parts &= _open_to(actor, action, "case__restricted", "unit_code")
    return Q(pk__in=Assignment.objects.filter(parts, is_part=True).values("case_id"))


def sees(actor: Actor, case: Case, chain: Iterable[Assignment] = ()) -> bool:
    """`visible` asked of one case that is already read with its chain; a test holds the two together."""
    if rules_over(case, actor, "case.view"):
        return True
    units = [case.lead_unit_code, *(link.unit_code for link in chain if link.is_part)]
    if any(works_on(case, actor, "case.view", code) for code in units):
        return True
    if any(case.found_by_code.startswith(prefix) for prefix in _branches(actor, "case.view")) and works_on(
        case, actor, "case.view", case.found_by_code
    ):
        return True
    if actor.person_id is None or "case.view" not in actor.own:
        return False
    mine = actor.person_id in (case.requester_id, case.taker_person_id)
    return mine or case.taker_team_id in actor.led_team_ids


COLUMNS = (
    "id", "number", "edition_id", "flow", "stage", "status", "category", "service", "title", "area_code",
    "caller_kind", "channel", "opened_at", "due_at", "due_estimated", "answer_due_at", "first_answer_at",
    "closed_at", "stars", "restricted", "review_at", "feedback_due_at", "outcome",
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
     due_at, due_estimated, answer_due_at, first_answer_at, closed_at, stars, restricted, review_at, feedback_due_at,
     outcome, area, requester, taker) = values  # fmt: skip
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
        title=_title(title, category_title if restricted else "", service_title, own_title),
        category=category,
        category_title=category_title,
        area_code=area_code,
        area_name=area,
        requester=_("不公开") if restricted else requester,
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


def _title(title: str, instead: str, service_title: str, own_title: str) -> str:
    """What a list may show: of a restricted case its category; the service's title in the reader's language."""
    return instead or (service_title if service_title and title == own_title else title)


def mentions(rows: QuerySet[Case]) -> dict[UUID, CaseMention]:
    """The cases as other lists mention them, in one query."""
    lang = get_language() or "zh-hans"
    wanted = (
        "id",
        "number",
        "title",
        "status",
        "edition_id",
        "flow",
        "stage",
        "area_code",
        "category",
        "restricted",
    )
    found = {}
    for id_, number, title, status, edition, flow, stage, area, category, restricted in rows.values_list(
        *wanted
    ):
        shown = _subject_words(edition, category, "", lang)[0] if restricted else title
        found[id_] = CaseMention(
            id_, number, shown, status, _stage_words(edition, flow, stage, lang)[0], area
        )
    return found

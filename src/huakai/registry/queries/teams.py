"""Reads of volunteer teams and volunteers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from huakai.kernel.clock import CHINA
from huakai.packs.types import say
from huakai.registry.models import Membership, Place, Team, Volunteer
from huakai.registry.queries.scope import scope_q
from huakai.registry.queries.units import live_on
from huakai.registry.queries.vocabulary import vocabulary
from huakai.registry.types import Actor, PersonCard, RegistryCounts, TeamCard, TeamCompliance, VolunteerCard


def _teams() -> QuerySet[Team]:
    members = Membership.objects.filter(team=OuterRef("pk"), ends_on=None).order_by().values("team")
    counted = members.annotate(n=Count("pk")).values("n")
    return Team.objects.select_related("unit", "leader").annotate(
        members=Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    )


def card_of(team: Team) -> TeamCard:
    """The team as the neighbours know it; wants `unit`, `leader` and `members`."""
    return TeamCard(
        id=team.pk,
        code=team.code,
        name=team.name,
        level=team.level,
        field=team.field,
        unit_code=team.unit.code,
        unit_name=team.unit.name,
        leader_id=team.leader_id,
        leader_name=team.leader.name_masked if team.leader else "",
        skills=tuple(team.skills),
        capacity_per_day=team.capacity_per_day,
        members=team.members,  # type: ignore[attr-defined]
        lon=team.lon,
        lat=team.lat,
    )


def team_card(team_id: UUID) -> TeamCard | None:
    """One team."""
    team = _teams().filter(pk=team_id).first()
    return card_of(team) if team else None


def team_by_code(code: str) -> TeamCard | None:
    """One team by its code."""
    team = _teams().filter(code=code).first()
    return card_of(team) if team else None


def team_names(team_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Team → name, for lists."""
    wanted = {t for t in team_ids if t is not None}
    return dict(Team.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


@dataclass(frozen=True)
class TeamsPage:
    """One page of teams and where the next one starts."""

    teams: tuple[TeamCard, ...]
    next_after: str
    total: int


def teams_page(
    actor: Actor, *, prefix: str = "", words: str = "", after: str = "", limit: int = 50
) -> TeamsPage:
    """Teams the actor may see, in code order."""
    mine = Q(pk__in=actor.team_ids)
    rows = _teams().filter(scope_q(actor, "team.view", area_field="unit__code", own=mine), ends_on=None)
    if prefix:
        rows = rows.filter(unit__code__startswith=prefix)
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(code__startswith=words))
    total = rows.count()
    if after:
        rows = rows.filter(code__gt=after)
    found = [card_of(t) for t in rows.order_by("code")[: limit + 1]]
    return TeamsPage(tuple(found[:limit]), found[limit - 1].code if len(found) > limit else "", total)


def teams_at(actor: Actor, unit_code: str) -> list[TeamCard]:
    """Teams of exactly this unit, when the actor may see them."""
    rows = _teams().filter(
        scope_q(actor, "team.view", area_field="unit__code"), unit__code=unit_code, ends_on=None
    )
    return [card_of(t) for t in rows.order_by("code")]


def teams_by_ids(team_ids: Iterable[UUID]) -> list[TeamCard]:
    """Several teams."""
    return [card_of(t) for t in _teams().filter(pk__in=list(team_ids)).order_by("code")]


def candidate_teams(skill: str, prefix: str, limit: int) -> list[TeamCard]:
    """Teams under a unit that can do `skill` (any, when empty), for dispatch; nobody's members are counted."""
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATE_TEAMS, [f"{prefix}%", [skill] if skill else [], limit])
        return [
            TeamCard(key, code, name, level, field, unit, unit_name, leader, leader_name or "", tuple(skills), most, 0,
                     lon, lat)
            for key, code, name, level, field, unit, unit_name, leader, leader_name, skills, most, lon, lat
            in cursor.fetchall()
        ]  # fmt: skip


# Written out, like the volunteers below: every proposal looks at hundreds.
_CANDIDATE_TEAMS = """
    SELECT t.id, t.code, t.name, t.level, t.field, u.code, u.name, t.leader_id, leader.name_masked, t.skills,
           t.capacity_per_day, t.lon, t.lat
      FROM registry_team t JOIN registry_unit u ON u.id = t.unit_id
      LEFT JOIN registry_person leader ON leader.id = t.leader_id
     WHERE u.code LIKE %s AND t.ends_on IS NULL AND t.skills @> %s::varchar[] ORDER BY t.code LIMIT %s"""


def leader_of(team_id: UUID) -> UUID | None:
    """Who leads the team."""
    return Team.objects.filter(pk=team_id).values_list("leader_id", flat=True).first()


def members_of(team_id: UUID, on: datetime) -> set[UUID]:
    """Who belonged to the team on a day, its leader included."""
    live = live_on(on.astimezone(CHINA).date())
    found = set(Membership.objects.filter(live, team=team_id).values_list("person_id", flat=True))
    leader = leader_of(team_id)
    return found | {leader} if leader else found


def team_members(team_id: UUID) -> tuple[PersonCard, ...]:
    """Who belongs to a team now, masked, in order of joining."""
    rows = Membership.objects.filter(team=team_id, ends_on=None).select_related("person__home_unit")
    return tuple(_member(m) for m in rows.order_by("starts_on", "pk"))


def _member(row: Membership) -> PersonCard:
    person = row.person
    home = person.home_unit
    return PersonCard(
        id=person.pk,
        name=person.name_masked,
        phone=person.phone_masked,
        idno=person.idno_masked,
        honorific=person.honorific,
        language=person.language,
        home_code=home.code if home else "",
        home_name=home.name if home else "",
        is_volunteer=True,
    )


def compliance(
    pack_code: str, prefix: str, on: date, language: str = "zh-hans"
) -> tuple[TeamCompliance, ...]:
    """SZ-09: registered teams per level against due teams; the gap is shown, not hidden."""
    rows = Team.objects.filter(live_on(on), unit__code__startswith=prefix)
    registered = dict(rows.values_list("level").annotate(n=Count("pk")))
    found = []
    for level in vocabulary(pack_code).team_levels:
        due, short = level.due, 0
        if level.due_per_place is not None:
            places = Place.objects.filter(live_on(on), kind=level.place_kind, unit__code__startswith=prefix)
            counts = rows.filter(level=level.code, unit=OuterRef("unit")).order_by().values("unit")
            there = Coalesce(
                Subquery(counts.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0
            )
            due = places.count() * level.due_per_place
            short = places.annotate(there=there).filter(there__lt=level.due_per_place).count()
        found.append(
            TeamCompliance(
                level.code, say(level, "title", language), registered.get(level.code, 0), due, short
            )
        )
    return tuple(found)


def volunteer_card(person_id: UUID) -> VolunteerCard | None:
    """One volunteer."""
    row = Volunteer.objects.select_related("person", "unit").filter(person=person_id).first()
    return _volunteer(row) if row else None


def candidate_volunteers(skill: str, prefix: str, limit: int) -> list[VolunteerCard]:
    """Active volunteers under a unit who can do `skill` (any, when empty), for dispatch."""
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, [f"{prefix}%", [skill] if skill else [], limit])
        return [
            VolunteerCard(key, name, unit, unit_name, since, tuple(skills), most, state, lon, lat)
            for key, name, unit, unit_name, since, skills, most, state, lon, lat in cursor.fetchall()
        ]


_CANDIDATES = """
    SELECT v.person_id, p.name_masked, u.code, u.name, v.registered_on, v.skills, v.capacity_per_week, v.state,
           v.lon, v.lat
      FROM registry_volunteer v JOIN registry_person p ON p.id = v.person_id JOIN registry_unit u ON u.id = v.unit_id
     WHERE u.code LIKE %s AND v.state = 'active' AND v.skills @> %s::varchar[] ORDER BY v.person_id LIMIT %s"""


def _volunteer(row: Volunteer) -> VolunteerCard:
    return VolunteerCard(
        person_id=row.person_id,
        name=row.person.name_masked,
        unit_code=row.unit.code,
        unit_name=row.unit.name,
        registered_on=row.registered_on,
        skills=tuple(row.skills),
        capacity_per_week=row.capacity_per_week,
        state=row.state,
        lon=row.lon,
        lat=row.lat,
    )


def counts(prefix: str, on: date | None = None) -> RegistryCounts:
    """SZ-11: registered volunteers and teams under a unit, and places by kind."""
    places = Place.objects.filter(live_on(on), unit__code__startswith=prefix).order_by()
    return RegistryCounts(
        volunteers=Volunteer.objects.filter(unit__code__startswith=prefix).count(),
        teams=Team.objects.filter(live_on(on), unit__code__startswith=prefix).count(),
        places=dict(places.values_list("kind").annotate(n=Count("pk"))),
    )

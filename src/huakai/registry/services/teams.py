"""Writes of volunteers and their teams."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.kernel.clock import CHINA
from huakai.kernel.errors import N_, NotFound, RuleBroken
from huakai.kernel.ids import new_id
from huakai.packs import queries as packs
from huakai.registry import queries
from huakai.registry.access import require
from huakai.registry.models import Membership, Team, Volunteer
from huakai.registry.services.people import (
    PersonChange,
    person_row,
    record_of_person,
    unit_of,
    update_person,
)
from huakai.registry.types import Actor


@dataclass(frozen=True)
class NewTeam:
    """A team to be."""

    code: str
    name: str
    level: str
    unit_code: str
    field: str = ""
    parent_code: str = ""
    leader_id: UUID | None = None
    skills: tuple[str, ...] = ()
    capacity_per_day: int = 3
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True)
class VolunteerOffer:
    """What a volunteer offers."""

    unit_code: str
    skills: tuple[str, ...] = ()
    capacity_per_week: int = 3
    lon: float | None = None
    lat: float | None = None


def _check_skills(skills: tuple[str, ...], unit_code: str) -> None:
    known = {s.code for s in queries.vocabulary(packs.pack_of(unit_code)).skills}
    for skill in skills:
        if skill not in known:
            raise RuleBroken("skill_unknown", N_("技能目录里没有“{skill}”"), field="skills", skill=skill)


@transaction.atomic
def register_volunteer(*, person_id: UUID, offer: VolunteerOffer, by: Actor, now: datetime) -> None:
    """Register oneself (or, as staff, somebody) as a volunteer; once more changes what is offered."""
    if by.person_id != person_id:
        require(by, "person.edit", offer.unit_code)
    person, unit = person_row(person_id, lock=True), unit_of(offer.unit_code)
    _check_skills(offer.skills, offer.unit_code)
    if not 1 <= offer.capacity_per_week <= 50:
        raise RuleBroken("capacity_wrong", N_("每周可服务次数为 1 到 50"), field="capacity_per_week")
    values: dict[str, Any] = {
        "unit": unit,
        "skills": sorted(set(offer.skills)),
        "capacity_per_week": offer.capacity_per_week,
        "state": "active",
        "lon": offer.lon,
        "lat": offer.lat,
    }
    first = {**values, "registered_on": now.astimezone(CHINA).date()}
    _, made = Volunteer.objects.update_or_create(person=person, defaults=values, create_defaults=first)
    if person.home_unit_id is None:
        person.home_unit = unit
        person.save(update_fields=["home_unit"])
    name = "volunteer.registered" if made else "volunteer.changed"
    after: dict[str, object] = {"unit": unit.code, "skills": values["skills"]}
    record_of_person(name, person_id, by=by, now=now, area_code=unit.code, after=after)


@transaction.atomic
def sign_up_volunteer(*, person_id: UUID, name: str, offer: VolunteerOffer, by: Actor, now: datetime) -> None:
    """Register oneself, giving one's name on the way when it is not known yet."""
    if name:
        update_person(person_id=person_id, change=PersonChange(name=name), by=by, now=now)
    register_volunteer(person_id=person_id, offer=offer, by=by, now=now)


@transaction.atomic
def pause_volunteer(*, person_id: UUID, by: Actor, now: datetime) -> None:
    """The volunteer takes no orders for now; registering again ends the pause."""
    row = (
        Volunteer.objects.select_for_update(of=("self",))
        .select_related("unit")
        .filter(person=person_id)
        .first()
    )
    if row is None:
        raise NotFound("volunteer_unknown", N_("这个人还没有注册为志愿者"))
    if by.person_id != person_id:
        require(by, "person.edit", row.unit.code)
    row.state = "paused"
    row.save(update_fields=["state"])
    record_of_person("volunteer.paused", person_id, by=by, now=now, area_code=row.unit.code)


@transaction.atomic
def create_team(*, new: NewTeam, by: Actor, now: datetime) -> UUID:
    """Register a team at a unit."""
    require(by, "team.edit", new.unit_code)
    unit = unit_of(new.unit_code)
    words = queries.vocabulary(packs.pack_of(new.unit_code))
    if new.level not in {level.code for level in words.team_levels}:
        raise RuleBroken("level_unknown", N_("没有这个队伍级别"), field="level")
    if new.field and new.field not in {field.code for field in words.team_fields}:
        raise RuleBroken("field_unknown", N_("没有这个服务领域"), field="field")
    _check_skills(new.skills, new.unit_code)
    if not new.name.strip():
        raise RuleBroken("name_missing", N_("请填写名称"), field="name")
    if Team.objects.filter(code=new.code).exists():
        raise RuleBroken("code_taken", N_("编码 {key} 已被使用"), field="code", key=new.code)
    parent = None
    if new.parent_code:
        parent = Team.objects.filter(code=new.parent_code).first()
        if parent is None:
            raise RuleBroken(
                "team_unknown", N_("没有编码为 {key} 的队伍"), field="parent_code", key=new.parent_code
            )
    team = Team.objects.create(
        id=new_id(now),
        code=new.code,
        name=new.name.strip(),
        level=new.level,
        field=new.field,
        unit=unit,
        parent=parent,
        leader=person_row(new.leader_id) if new.leader_id else None,
        skills=sorted(set(new.skills)),
        capacity_per_day=new.capacity_per_day,
        lon=new.lon,
        lat=new.lat,
        starts_on=now.astimezone(CHINA).date(),
    )
    _record("team.created", team, by=by, now=now, after={"name": team.name, "level": team.level})
    return team.pk


def _record(name: str, team: Team, *, by: Actor, now: datetime, after: Mapping[str, Any]) -> None:
    audit.record(
        Fact(
            name=name,
            subject=Subject("team", str(team.pk)),
            at=now,
            actor_id=by.person_id,
            after=after,
            area_code=team.unit.code,
            request_id=by.request_id,
        )
    )


def _team(team_id: UUID) -> Team:
    team = Team.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=team_id).first()
    if team is None:
        raise NotFound("team_gone", N_("没有找到这支队伍"))
    return team


def _require_over_team(by: Actor, team: Team) -> None:
    """Its leader, or staff who may edit teams there."""
    if team.pk in by.led_team_ids and "team.edit" in by.own:
        return
    require(by, "team.edit", team.unit.code)


@transaction.atomic
def join_team(*, team_id: UUID, person_id: UUID, by: Actor, now: datetime) -> None:
    """Add a member; twice is the same as once."""
    team = _team(team_id)
    _require_over_team(by, team)
    person = person_row(person_id)
    today = now.astimezone(CHINA).date()
    _, made = Membership.objects.get_or_create(
        team=team, person=person, ends_on=None, defaults={"id": new_id(now), "starts_on": today}
    )
    if made:
        _record("team.joined", team, by=by, now=now, after={"person": str(person_id)})


@transaction.atomic
def leave_team(*, team_id: UUID, person_id: UUID, by: Actor, now: datetime) -> None:
    """End a membership: one's own, or as leader or staff."""
    team = _team(team_id)
    if by.person_id != person_id:
        _require_over_team(by, team)
    row = Membership.objects.filter(team=team, person=person_id, ends_on=None).first()
    if row is None:
        raise NotFound("not_a_member", N_("这个人不在这支队伍里"))
    today = now.astimezone(CHINA).date()
    if row.starts_on >= today:
        row.delete()
    else:
        row.ends_on = today
        row.save(update_fields=["ends_on"])
    _record("team.left", team, by=by, now=now, after={"person": str(person_id)})


@transaction.atomic
def name_leader(*, team_id: UUID, person_id: UUID, by: Actor, now: datetime) -> None:
    """Another leader; the staff's decision, not the leader's own."""
    team = _team(team_id)
    require(by, "team.edit", team.unit.code)
    before = team.leader_id
    team.leader = person_row(person_id)
    team.save(update_fields=["leader"])
    _record("team.led", team, by=by, now=now, after={"leader": str(person_id), "before": str(before or "")})

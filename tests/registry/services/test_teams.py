"""Volunteers and teams: oneself, leaders and staff of the area; nobody else."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from huakai.kernel.errors import NotAllowed, NotFound, RuleBroken
from huakai.kernel.ids import new_id
from huakai.registry import queries, services
from huakai.registry.models import Membership
from huakai.registry.types import SYSTEM, Actor
from tests import cast as people
from tests.cast import Cast
from tests.factories import registry as factory

ActorOf = Callable[[str], Actor]
OFFER = services.VolunteerOffer(people.COMMUNITY, skills=("repair",))


def _team(**changes: object) -> services.NewTeam:
    values: dict[str, object] = {
        "code": "T9",
        "name": "巾帼队",
        "level": "station",
        "unit_code": people.COMMUNITY,
        "skills": ("repair", "haircut", "repair"),
    }
    return services.NewTeam(**{**values, **changes})  # type: ignore[arg-type]


def test_one_registers_oneself_and_changes_what_one_offers(cast: Cast, actor: ActorOf, now: datetime) -> None:
    me = actor("stranger")
    assert me.person_id is not None
    services.sign_up_volunteer(person_id=me.person_id, name="郭小涛", offer=OFFER, by=me, now=now)
    assert "volunteer" in actor("stranger").roles
    card = queries.person_card(me.person_id)
    assert card is not None
    assert (card.name, card.home_code) == ("郭**", people.COMMUNITY)
    changed = services.VolunteerOffer(people.COMMUNITY, skills=("law",), capacity_per_week=1)
    services.sign_up_volunteer(
        person_id=me.person_id, name="", offer=changed, by=me, now=now + timedelta(days=3)
    )
    row = queries.volunteer_card(me.person_id)
    assert row is not None
    assert (row.skills, row.registered_on) == (("law",), now.date())


@pytest.mark.parametrize("role", ["neighbour", "neighbour_staff", "volunteer"])
def test_nobody_else_registers_me(cast: Cast, actor: ActorOf, now: datetime, role: str) -> None:
    with pytest.raises(NotAllowed):
        services.register_volunteer(
            person_id=cast["resident"].person_id, offer=OFFER, by=actor(role), now=now
        )


@pytest.mark.parametrize(
    ("offer", "field"),
    [
        (services.VolunteerOffer(people.COMMUNITY, skills=("flying",)), "skills"),
        (services.VolunteerOffer("999", skills=("repair",)), "unit_code"),
        (services.VolunteerOffer(people.COMMUNITY, capacity_per_week=0), "capacity_per_week"),
    ],
)
def test_a_wrong_offer_is_refused(
    cast: Cast, now: datetime, offer: services.VolunteerOffer, field: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        services.register_volunteer(person_id=cast["resident"].person_id, offer=offer, by=SYSTEM, now=now)
    assert refused.value.field == field


def test_a_paused_volunteer_gets_no_orders_until_registered_again(
    cast: Cast, actor: ActorOf, now: datetime
) -> None:
    me = actor("volunteer")
    assert me.person_id is not None
    services.pause_volunteer(person_id=me.person_id, by=me, now=now)
    assert "volunteer" not in actor("volunteer").roles
    found = queries.candidate_volunteers("repair", people.COMMUNITY, 10)
    assert me.person_id not in [v.person_id for v in found]
    services.register_volunteer(person_id=me.person_id, offer=OFFER, by=me, now=now)
    found = queries.candidate_volunteers("repair", people.COMMUNITY, 10)
    assert me.person_id in [v.person_id for v in found]
    with pytest.raises(NotAllowed):
        services.pause_volunteer(person_id=me.person_id, by=actor("neighbour"), now=now)
    with pytest.raises(NotFound):
        services.pause_volunteer(person_id=cast["stranger"].person_id, by=SYSTEM, now=now)


def test_staff_register_a_team_in_their_area_only(cast: Cast, actor: ActorOf, now: datetime) -> None:
    made = services.create_team(new=_team(), by=actor("station_staff"), now=now)
    card = queries.team_card(made)
    assert card is not None
    assert (card.skills, card.leader_name, card.members) == (("haircut", "repair"), "", 0)
    for role in ("neighbour_staff", "team_leader", "stranger"):
        with pytest.raises(NotAllowed):
            services.create_team(new=_team(code="T8"), by=actor(role), now=now)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"level": "galaxy"}, "level"),
        ({"field": "magic"}, "field"),
        ({"skills": ("flying",)}, "skills"),
        ({"name": " "}, "name"),
        ({"code": people.TEAM}, "code"),
        ({"parent_code": "T0"}, "parent_code"),
        ({"unit_code": "999"}, "unit_code"),
    ],
)
def test_a_wrong_team_is_refused_beside_its_field(
    cast: Cast, now: datetime, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        services.create_team(new=_team(**changes), by=SYSTEM, now=now)
    assert refused.value.field == field


def test_a_team_may_stand_under_another(cast: Cast, now: datetime) -> None:
    new = _team(parent_code=people.TEAM, field="care", leader_id=cast["volunteer"].person_id)
    card = queries.team_card(services.create_team(new=new, by=SYSTEM, now=now))
    assert card is not None
    assert card.leader_id == cast["volunteer"].person_id


def test_the_leader_adds_and_removes_members_the_member_leaves(
    cast: Cast, actor: ActorOf, now: datetime
) -> None:
    leader, member = actor("team_leader"), factory.make_volunteer(people.COMMUNITY)
    services.join_team(team_id=cast.team_id, person_id=member, by=leader, now=now)
    services.join_team(team_id=cast.team_id, person_id=member, by=leader, now=now)
    assert member in queries.members_of(cast.team_id, now)
    services.leave_team(team_id=cast.team_id, person_id=member, by=leader, now=now)
    assert not Membership.objects.filter(person=member).exists()
    me = actor("volunteer")
    assert me.person_id is not None
    services.leave_team(team_id=cast.team_id, person_id=me.person_id, by=me, now=now)
    assert Membership.objects.get(person=me.person_id).ends_on == now.date()
    with pytest.raises(NotFound):
        services.leave_team(team_id=cast.team_id, person_id=me.person_id, by=me, now=now)


@pytest.mark.parametrize("role", ["volunteer", "neighbour_staff", "stranger"])
def test_nobody_joins_by_themselves_or_from_next_door(
    cast: Cast, actor: ActorOf, now: datetime, role: str
) -> None:
    with pytest.raises(NotAllowed):
        services.join_team(
            team_id=cast.team_id, person_id=cast["stranger"].person_id, by=actor(role), now=now
        )
    with pytest.raises(NotAllowed):
        services.leave_team(
            team_id=cast.team_id, person_id=cast["team_leader"].person_id, by=actor(role), now=now
        )


def test_another_leader_is_the_staffs_decision(cast: Cast, actor: ActorOf, now: datetime) -> None:
    person = cast["volunteer"].person_id
    with pytest.raises(NotAllowed):
        services.name_leader(team_id=cast.team_id, person_id=person, by=actor("team_leader"), now=now)
    services.name_leader(team_id=cast.team_id, person_id=person, by=actor("station_staff"), now=now)
    assert queries.leader_of(cast.team_id) == person
    with pytest.raises(NotFound):
        services.name_leader(team_id=new_id(now), person_id=person, by=SYSTEM, now=now)


def test_teams_are_found_by_skill_and_area_for_dispatch(cast: Cast) -> None:
    assert [t.id for t in queries.candidate_teams("repair", people.STREET, 5)] == [cast.team_id]
    assert queries.candidate_teams("law", people.STREET, 5) == []
    assert queries.candidate_teams("", people.OTHER_STREET, 5) == []
    assert queries.counts(people.STREET).volunteers == 2

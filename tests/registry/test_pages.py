"""Units, people, teams and users on the desk: who may, the neighbour, the stranger, bad input, bounded queries."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from huakai.registry import queries, services
from huakai.registry.models import Account, Membership, Unit
from huakai.registry.types import SYSTEM
from tests import cast as people
from tests.cast import Cast
from tests.factories import registry as factory

ClientOf = Callable[[str], Client]


def _text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_tree_shows_ones_own_units_and_counts(client_of: ClientOf) -> None:
    factory.make_place("S1", kind="station", unit=people.COMMUNITY)
    text = _text(client_of("street_staff"), "/desk/units/")
    assert "十电社区" in text
    assert "文南社区" not in text
    assert "应有 2" in text
    found = _text(client_of("centre_staff"), "/desk/units/?q=文南")
    assert "文南社区" in found
    assert "没有这个名称" in _text(client_of("centre_staff"), "/desk/units/?q=天涯")
    assert _text(client_of("centre_staff"), "/desk/units/?on=nonsense")


def test_a_unit_of_another_street_is_refused(client_of: ClientOf) -> None:
    assert "塔塔埠街道" in _text(client_of("street_staff"), f"/desk/units/{people.STREET}/")
    assert client_of("street_staff").get(f"/desk/units/{people.OTHER_STREET}/").status_code == 403
    assert client_of("stranger").get(f"/desk/units/{people.STREET}/").status_code == 403
    assert client_of("centre_staff").get("/desk/units/370402777/").status_code == 404


def test_units_are_added_renamed_and_ended_on_the_desk(client_of: ClientOf) -> None:
    desk = client_of("centre_staff")
    assert 'value="370402002"' in _text(desk, "/desk/units/new/?parent_code=370402002")
    form = {"parent_code": "370402002", "code": "370402002009", "name": "新社区", "kind": "community"}
    bad = desk.post("/desk/units/new/", {**form, "code": "999", "print_order": "x"})
    assert bad.status_code == 422
    assert "请填写整数" in bad.content.decode()
    bad = desk.post("/desk/units/new/", {**form, "code": ""})
    assert bad.status_code == 422
    assert desk.post("/desk/units/new/", form)["Location"] == "/desk/units/370402002009/"
    edit = "/desk/units/370402002009/edit/"
    assert desk.post(edit, {"act": "rename", "name": ""}).status_code == 422
    assert desk.post(edit, {"act": "rename", "name": "更名社区"}).status_code == 302
    assert "请填写终止日期" in desk.post(edit, {"act": "end"}).content.decode()
    assert "看不懂" in desk.post(edit, {"act": "end", "ends_on": "morgen"}).content.decode()
    assert desk.post(edit, {"act": "end", "ends_on": "2027-01-01"}).status_code == 302
    unit = Unit.objects.get(code="370402002009")
    assert (unit.name, unit.aliases, str(unit.ends_on)) == ("更名社区", ["新社区"], "2027-01-01")
    assert client_of("street_staff").post(edit, {"act": "rename", "name": "x"}).status_code == 403


def test_people_are_masked_and_a_look_is_recorded(cast: Cast, client_of: ClientOf) -> None:
    desk, person = client_of("street_staff"), cast["resident"].person_id
    text = _text(desk, "/desk/people/?q=19900000001")
    assert "王**" in text
    assert "199****0001" in text
    assert "王秀英" not in text
    address = f"/desk/people/{person}/"
    assert "还没有人看过全文" in _text(desk, address)
    assert "请选择要看哪一项" in desk.post(address, {"reason": "电话核实"}).content.decode()
    assert "请写明查看原因" in desk.post(address, {"field": "phone", "reason": "x"}).content.decode()
    assert "没有登记" in desk.post(address, {"field": "idno", "reason": "电话核实"}).content.decode()
    shown = desk.post(address, {"field": "phone", "reason": "电话核实"})
    assert "19900000001" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert "19900000001" not in _text(desk, address)
    assert "杨*" in _text(client_of("resident"), "/m/me/")


def test_the_neighbour_street_does_not_find_or_open_a_person(cast: Cast, client_of: ClientOf) -> None:
    address = f"/desk/people/{cast['resident'].person_id}/"
    assert "没有找到" in _text(client_of("neighbour_staff"), "/desk/people/?q=19900000001")
    for role in ("neighbour_staff", "stranger", "volunteer", "leader"):
        assert client_of(role).get(address).status_code == 403
    auditor = client_of("auditor")
    assert "查看并留下记录" not in _text(auditor, address)
    assert auditor.post(address, {"field": "phone", "reason": "电话核实"}).status_code == 403
    assert client_of("auditor").get("/desk/people/00000000-0000-0000-0000-000000000000/").status_code == 404


@pytest.mark.parametrize(
    ("role", "address", "limit"),
    [
        ("centre_staff", "/desk/people/", 8),
        ("centre_staff", "/desk/teams/", 14),
        ("centre_staff", "/desk/units/", 14),
        ("admin", "/desk/users/", 8),
    ],
)
def test_a_list_costs_the_same_queries_however_long(
    cast: Cast,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    role: str,
    address: str,
    limit: int,
) -> None:
    browser = client_of(role)
    browser.get(address)
    for _ in range(20):
        factory.make_team(people.COMMUNITY, leader=factory.make_person(home=people.COMMUNITY))
    with django_assert_max_num_queries(limit):
        browser.get(address)


def test_teams_are_registered_and_their_members_kept_by_leader_and_staff(
    cast: Cast, client_of: ClientOf
) -> None:
    staff, leader = client_of("station_staff"), client_of("team_leader")
    form = {
        "unit_code": people.COMMUNITY,
        "code": "t7",
        "name": "新队",
        "level": "station",
        "skills": ["law"],
    }
    assert staff.post("/desk/teams/new/", {**form, "leader_phone": "123"}).status_code == 422
    assert staff.post("/desk/teams/new/", {**form, "capacity_per_day": "x"}).status_code == 422
    made = staff.post("/desk/teams/new/", {**form, "leader_phone": "19900000003"})
    assert made.status_code == 302
    assert "新队" in _text(staff, made["Location"])
    address = f"/desk/teams/{cast.team_id}/"
    assert "移出" in _text(leader, address)
    factory.make_volunteer(people.COMMUNITY)
    person = factory.make_volunteer(people.COMMUNITY)
    phone = services.clear_contact(person)[1]
    members = f"{address}members/"
    assert leader.post(members, {"act": "join", "phone": "19900000001"}).status_code == 422
    assert leader.post(members, {"act": "join", "phone": phone}).status_code == 302
    assert leader.post(members, {"act": "leave", "person": str(person)}).status_code == 302
    assert leader.post(members, {"act": "leave", "person": "x"}).status_code == 404
    assert not Membership.objects.filter(person=person, ends_on=None).exists()


def test_the_neighbour_and_the_stranger_see_no_team_of_this_street(cast: Cast, client_of: ClientOf) -> None:
    address = f"/desk/teams/{cast.team_id}/"
    assert "移出" not in _text(client_of("volunteer"), address)
    assert client_of("neighbour_staff").get(address).status_code == 403
    assert client_of("stranger").get(address).status_code == 403
    assert "十电社区帮帮团" not in _text(client_of("neighbour_staff"), "/desk/teams/")
    assert client_of("volunteer").post(f"{address}members/", {"act": "join"}).status_code == 403


def test_a_manager_opens_appoints_and_hands_out_tokens(
    cast: Cast, client_of: ClientOf, settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    desk = client_of("admin")
    form = {
        "name": "新人",
        "phone": "13812345678",
        "username": "xinren",
        "password": "a-long-password-1",
        "role": "leader",
        "unit_code": people.STREET,
    }
    assert "请填写姓名" in desk.post("/desk/users/new/", {**form, "name": ""}).content.decode()
    assert "密码不够安全" in desk.post("/desk/users/new/", {**form, "password": "x"}).content.decode()
    address = desk.post("/desk/users/new/", form)["Location"]
    assert "xinren" in _text(desk, "/desk/users/?q=xin")
    role = {"act": "appoint", "role": "auditor", "unit_code": people.DISTRICT}
    assert desk.post(address, role).status_code == 302
    assert desk.post(address, role).status_code == 422
    assert desk.post(address, {"act": "password", "password": "short"}).status_code == 422
    assert desk.post(address, {"act": "token", "label": "x", "days": "x"}).status_code == 422
    token = desk.post(address, {"act": "token", "label": "统计", "scopes": ["cases:read"], "days": "7"})
    assert "hk_" in token.content.decode()
    account = Account.objects.get(username="xinren")
    assert "hk_" not in _text(desk, address)
    (card,) = queries.tokens_of(account.pk)
    assert desk.post(address, {"act": "revoke", "token": str(card.id)}).status_code == 302
    assert desk.post(address, {"act": "revoke", "token": "x"}).status_code == 404
    held = queries.appointments_of(account.person_id)[0]
    assert desk.post(address, {"act": "end", "appointment": str(held.id)}).status_code == 302
    assert desk.post(address, {"act": "close"}).status_code == 302
    assert not Account.objects.get(pk=account.pk).is_active


def test_a_manager_of_one_street_does_not_reach_the_next(
    cast: Cast, client_of: ClientOf, now: datetime
) -> None:
    services.appoint(
        person_id=cast["stranger"].person_id,
        role="admin",
        unit_code=people.STREET,
        by=SYSTEM,
        now=people.BEFORE,
    )
    desk = client_of("stranger")
    assert desk.get(f"/desk/users/{cast['street_staff'].account_id}/").status_code == 200
    assert desk.get(f"/desk/users/{cast['neighbour_staff'].account_id}/").status_code == 403
    assert desk.get("/desk/users/0/").status_code == 404
    assert client_of("centre_staff").get("/desk/users/").status_code == 403

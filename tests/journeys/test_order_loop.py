"""The main loop as the rows of the requirements tell it, through the doors people use."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.conf import settings as deployment
from django.test import Client
from pytest_django import Settings

from huakai.cases import queries as cases
from huakai.cases import services
from huakai.cases.models import Assignment, Case
from huakai.cases.types import CaseFilter, NewOrder, Taker, TakerKind
from huakai.kernel.errors import RuleBroken
from huakai.kernel.figures import rate
from huakai.ledger import queries as ledger
from huakai.ledger.types import Owner, OwnerKind
from huakai.packs import queries as packs
from huakai.packs import services as pack_services
from huakai.registry import queries as registry
from huakai.registry import services as registry_services
from huakai.registry.models import Account, Person, Volunteer
from huakai.registry.types import SYSTEM, Actor
from tests.cast import BEFORE, COMMUNITY, DISTRICT, Cast
from tests.factories import registry as factory
from tests.factories.cases import move, open_one

Who = Callable[[str], Actor]
Browser = Callable[[str], Client]
HAIRCUT = {
    "client_key": "one",
    "when": "2026-03-10T16:30:00+08:00",
    "served_for": "self",
    "area": COMMUNITY,
    "address": "3栋2单元401",
}


def person(cast: Cast, role: str) -> Taker:
    return Taker(TakerKind.PERSON, cast[role].person_id)


@pytest.mark.row("SZ-10")
def test_one_order_is_followed_from_registration_to_points_that_count_once(
    cast: Cast, client_of: Browser, actor: Who, now: datetime
) -> None:
    """注册 → 点单 → 派单 → 接单 → 时长 → 积分 (redemption comes with the shop)."""
    helper, resident = client_of("neighbour"), client_of("resident")
    offer = {"unit_code": COMMUNITY, "skills": ["haircut"], "capacity_per_week": "3"}
    assert helper.post("/m/volunteer/", offer).status_code == 302

    assert resident.post("/m/order/haircut/", HAIRCUT).status_code == 302
    order = Case.objects.get()
    move(order.id, "offer", actor("street_staff"), now, taker=person(cast, "neighbour"))
    task = f"/m/tasks/{order.id}/"
    assert "上门理发" in helper.get(task).content.decode()
    assert helper.post(f"{task}move/", {"move": "accept"}).status_code == 302
    finish = {"move": "finish", "result": "理好了", "minutes": "90", "client_key": "f"}
    for _ in range(2):
        assert helper.post(f"{task}move/", finish).status_code == 302

    balance = ledger.balance(Owner(OwnerKind.PERSON, cast["neighbour"].person_id))
    assert (balance.minutes, balance.points) == (90, 15)
    book = helper.get("/m/hours/").content.decode()
    assert book.count("+90") == 1
    trace = [line.title for line in cases.card(actor("resident"), order.id, now=now).timeline]
    assert trace == ["办结", "接单", "派单", "已点单"]


@pytest.mark.row("SZ-12")
def test_residents_order_the_platform_dispatches_volunteers_accept_residents_rate_and_the_panel_counts(
    cast: Cast, client_of: Browser, actor: Who, now: datetime
) -> None:
    made = [open_one(actor("resident"), now, key=str(number)) for number in range(3)]
    staff, helper = actor("street_staff"), client_of("volunteer")
    move(made[0], "offer", staff, now, taker=person(cast, "team_leader"))
    declined = {"move": "decline", "reason": "今天有事"}
    assert client_of("team_leader").post(f"/m/tasks/{made[0]}/move/", declined).status_code == 302
    for case_id in made[:2]:
        move(case_id, "offer", staff, now, taker=person(cast, "volunteer"))
        for given in ({"move": "accept"}, {"move": "finish", "result": "修好了", "minutes": "30"}):
            assert helper.post(f"/m/tasks/{case_id}/move/", given).status_code == 302
    assert client_of("resident").post(f"/m/orders/{made[0]}/rate/", {"stars": "4"}).status_code == 302
    answers = Assignment.objects.filter(case=made[0]).values_list("state", flat=True)
    assert sorted(answers) == ["declined", "done"]

    total = cases.panel(actor("centre_staff"), CaseFilter(), by="category", now=now).total
    assert (total.collected, total.closed, total.open, total.rate) == (3, 2, 1, Decimal("66.67"))
    for status, number in (("", 3), ("closed", 2), ("open", 1)):
        behind = cases.case_list(actor("centre_staff"), CaseFilter(status=status), now=now)
        assert len(behind.rows) == number
    assert [
        row.stars for row in cases.case_list(actor("centre_staff"), CaseFilter(view="unrated"), now=now).rows
    ] == [None]
    assert (rate(137854, 138334), 138334 - 137854) == (Decimal("99.65"), 480)


@pytest.fixture
def other_place(shizhong: object, now: datetime) -> str:
    """A second place with its own pack, where teams accept and several parties rate."""
    pack_services.publish(pack_code="pingcheng", root=deployment.PACKS_ROOT, by=None, now=BEFORE)
    packs.forget_current()
    factory.make_unit("140213", kind="district")
    factory.make_unit("140213001", kind="street")
    factory.make_unit("140213001001")
    return "140213001001"


def account_at(person_id: UUID) -> int:
    account = Account(person_id=person_id)
    account.set_unusable_password()
    account.save()
    return account.pk


@pytest.mark.row("PC-02")
def test_a_team_accepts_and_two_roles_rate_into_one_combined_score(other_place: str, now: datetime) -> None:
    """群众点单 → 平台派单 → 团队接单 → 多元评单; weights 60/40 are the pack's."""
    people = {role: factory.make_person(home=other_place) for role in ("resident", "leader", "station")}
    registry_services.appoint(
        person_id=people["station"], role="station_staff", unit_code=other_place, by=SYSTEM, now=BEFORE
    )
    team = factory.make_team(other_place, leader=people["leader"])
    accounts = {role: account_at(key) for role, key in people.items()}
    acting = {role: registry.actor_of_account(key, now) for role, key in accounts.items()}

    order = NewOrder("k", "four_orders", other_place, category="sanitation", detail="想请大家清一清小河")
    case_id = services.open_case(order=order, by=acting["resident"], now=now).id
    with pytest.raises(RuleBroken, match="承接人"):
        move(case_id, "offer", acting["station"], now, taker=Taker(TakerKind.PERSON, people["leader"]))
    move(case_id, "offer", acting["station"], now, taker=Taker(TakerKind.TEAM, team))
    move(case_id, "accept", acting["leader"], now)
    move(case_id, "finish", acting["leader"], now, result="清完了", minutes=60)
    for role, stars in (("resident", 5), ("station", 3)):
        client = Client()
        client.force_login(Account.objects.get(pk=accounts[role]))
        assert client.post(f"/m/orders/{case_id}/rate/", {"stars": str(stars)}).status_code == 302
        page = client.get(f"/m/orders/{case_id}/").content.decode()

    card = cases.card(acting["resident"], case_id, now=now)
    assert [(line.rater_role, line.stars) for line in card.ratings] == [("requester", 5), ("station", 3)]
    assert card.combined_score == Decimal("4.20")  # (5·60 + 3·40) / 100
    assert card.row.taker.startswith("服务队")
    assert "4.20" in page
    assert "★★★☆☆" in page


@pytest.mark.row("SZ-16")
def test_one_order_per_flower_stands_in_each_of_five_columns_and_the_untagged_is_listed(
    actor: Who, now: datetime
) -> None:
    services_of = ("haircut", "homework_class", "plumbing_repair", "counselling", "culture_show")
    for number, service in enumerate(services_of):
        open_one(actor("resident"), now, key=str(number), service=service)
    plain = open_one(actor("resident"), now, key="plain", service="", category="road", detail="路上有坑")

    staff = actor("centre_staff")
    rows = cases.panel(staff, CaseFilter(), by="tag", now=now).rows
    flowers = registry.tag_titles("shizhong", "zh-hans")
    assert len(flowers) == 5
    assert {row.key: row.collected for row in rows} == dict.fromkeys(flowers, 1) | {"": 1}
    assert {row.title for row in rows if row.key} == set(flowers.values())
    for flower in flowers:
        assert len(cases.case_list(staff, CaseFilter(tag=flower), now=now).rows) == 1
    untagged = cases.case_list(staff, CaseFilter(tag="none"), now=now).rows
    assert [row.id for row in untagged] == [plain]


@pytest.mark.row("SZ-11")
def test_one_identity_stands_behind_every_door_and_counters_come_from_records(
    cast: Cast, client_of: Browser, actor: Who, now: datetime, settings: Settings
) -> None:
    settings.DEMO = True  # the one-time code comes back instead of going to a telephone
    before, persons = registry.counts(DISTRICT), Person.objects.count()
    me = cast["resident"]
    browser = client_of("resident")
    browser.post("/m/order/haircut/", HAIRCUT)
    offer = {"unit_code": COMMUNITY, "skills": ["repair"], "capacity_per_week": "2"}
    for _ in range(2):
        assert browser.post("/m/volunteer/", offer).status_code == 302

    code = registry_services.request_code(phone=me.part.phone, address="10.0.0.1", now=now)
    account = registry_services.verify_code(phone=me.part.phone, code=code, now=now)
    at_the_counter = registry_services.find_or_make_person(
        name="王秀英", phone=me.part.phone, by=SYSTEM, now=now
    )
    assert account == me.account_id
    assert at_the_counter == me.person_id == registry.person_by_phone(me.part.phone)
    assert Person.objects.count() == persons
    assert Volunteer.objects.filter(person=me.person_id).count() == 1
    assert registry.actor_of_account(account, now).is_volunteer

    after = registry.counts(DISTRICT)
    assert (after.volunteers - before.volunteers, after.teams - before.teams) == (1, 0)
    theirs = open_one(actor("neighbour"), now, key="theirs")
    assert browser.post(f"/m/take/{theirs}/").status_code == 302
    later = now + timedelta(minutes=50)
    move(theirs, "finish", registry.actor_of_account(account, later), later, result="好了", minutes=45)
    assert cases.live_counts(DISTRICT, now=later).values["minutes"] == 45

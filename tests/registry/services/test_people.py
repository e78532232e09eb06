"""One identity per phone; full text is a recorded act of those who may."""

from collections.abc import Callable
from datetime import datetime

import pytest

from huakai.audit import queries as audit
from huakai.audit.types import Subject
from huakai.kernel.errors import NotAllowed, NotFound, RuleBroken
from huakai.kernel.ids import new_id
from huakai.registry import queries, services
from huakai.registry.models import Person
from huakai.registry.types import SYSTEM, Actor
from tests import cast as people
from tests.cast import Cast
from tests.factories import registry as factory

ActorOf = Callable[[str], Actor]
IDNO = "11010519491231002X"


def test_the_same_phone_is_the_same_person_however_it_is_written(cast: Cast, now: datetime) -> None:
    found = services.find_or_make_person(name="别名", phone="+86 199-0000-0001", by=SYSTEM, now=now)
    assert found == cast["resident"].person_id
    assert queries.masked_names([found]) == {found: "王**"}


def test_a_person_without_a_phone_is_a_new_one_each_time(cast: Cast, now: datetime) -> None:
    first = services.find_or_make_person(name="无名", phone="", by=SYSTEM, now=now)
    assert services.find_or_make_person(name="无名", phone="", by=SYSTEM, now=now) != first


def test_demonstration_numbers_are_marked_synthetic(cast: Cast, now: datetime) -> None:
    real = services.find_or_make_person(name="张三", phone="13812345678", by=SYSTEM, now=now)
    assert not Person.objects.get(pk=real).is_synthetic
    assert Person.objects.get(pk=cast["resident"].person_id).is_synthetic


@pytest.mark.parametrize(
    ("phone", "home", "field"), [("123", "", "phone"), ("13812345678", "999", "home_code")]
)
def test_a_wrong_phone_or_home_is_refused(
    cast: Cast, now: datetime, phone: str, home: str, field: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        services.find_or_make_person(name="x", phone=phone, home_code=home, by=SYSTEM, now=now)
    assert refused.value.field == field


def test_staff_of_the_street_see_a_phone_in_full_and_leave_a_trace(
    cast: Cast, actor: ActorOf, now: datetime
) -> None:
    resident, staff = cast["resident"].person_id, actor("street_staff")
    shown = services.reveal(person_id=resident, field="phone", reason="电话核实上门时间", by=staff, now=now)
    assert shown == "19900000001"
    (look,) = queries.looks_at(resident)
    assert (look.by, look.field, look.reason) == ("杨*", "phone", "电话核实上门时间")
    events = [e for e in audit.history(Subject("person", str(resident))) if e.name == "person.revealed"]
    assert "19900000001" not in str(events)


@pytest.mark.parametrize(
    "role", ["neighbour_staff", "stranger", "neighbour", "volunteer", "auditor", "leader"]
)
def test_who_has_no_right_here_sees_nothing(cast: Cast, actor: ActorOf, now: datetime, role: str) -> None:
    with pytest.raises(NotAllowed):
        services.reveal(
            person_id=cast["resident"].person_id, field="phone", reason="好奇想看看", by=actor(role), now=now
        )
    assert queries.looks_at(cast["resident"].person_id) == ()


def test_a_person_of_no_area_is_only_for_those_who_may_everywhere(
    cast: Cast, actor: ActorOf, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        services.reveal(
            person_id=cast["stranger"].person_id,
            field="name",
            reason="核实身份",
            by=actor("centre_staff"),
            now=now,
        )


def test_looking_needs_a_reason_and_a_field_that_exists(cast: Cast, actor: ActorOf, now: datetime) -> None:
    resident, staff = cast["resident"].person_id, actor("street_staff")
    with pytest.raises(RuleBroken, match="原因"):
        services.reveal(person_id=resident, field="phone", reason=" 看 ", by=staff, now=now)
    with pytest.raises(RuleBroken, match="没有这一项"):
        services.reveal(person_id=resident, field="shoe", reason="核实身份", by=staff, now=now)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        services.reveal(person_id=new_id(now), field="phone", reason="核实身份", by=staff, now=now)


def test_one_sees_ones_own_fields_without_a_reason(cast: Cast, actor: ActorOf, now: datetime) -> None:
    me = actor("resident")
    assert me.person_id is not None
    assert services.reveal(person_id=me.person_id, field="name", reason="", by=me, now=now) == "王秀英"
    assert services.reveal(person_id=me.person_id, field="idno", reason="", by=me, now=now) == ""


def test_a_change_names_its_fields_in_the_record_and_not_their_text(
    cast: Cast, actor: ActorOf, now: datetime
) -> None:
    person = cast["resident"].person_id
    change = services.PersonChange(
        name="欧阳秀英",
        honorific="女士",
        idno=IDNO,
        address="3号楼",
        home_code=people.OTHER_COMMUNITY,
        language="en",
        lon=117.5,
        lat=34.8,
    )
    services.update_person(person_id=person, change=change, by=actor("street_staff"), now=now)
    card = queries.person_card(person)
    assert card is not None
    assert (card.name, card.idno, card.home_code) == (
        "欧阳女士",
        "1101**********002X",
        people.OTHER_COMMUNITY,
    )
    last = audit.history(Subject("person", str(person)))[-1]
    assert {"name", "idno", "address", "home_unit"} <= set(last.after["fields"])
    assert "欧阳" not in str(last)


def test_fields_can_be_cleared_and_nothing_changed_records_nothing(cast: Cast, now: datetime) -> None:
    person = cast["resident"].person_id
    services.update_person(
        person_id=person,
        change=services.PersonChange(idno=IDNO, address="x", home_code=""),
        by=SYSTEM,
        now=now,
    )
    services.update_person(
        person_id=person, change=services.PersonChange(idno="", address=""), by=SYSTEM, now=now
    )
    row = Person.objects.get(pk=person)
    assert (row.idno_enc, row.idno_hash, row.address_enc, row.home_unit) == (None, None, None, None)
    before = len(audit.history(Subject("person", str(person))))
    services.update_person(person_id=person, change=services.PersonChange(), by=SYSTEM, now=now)
    assert len(audit.history(Subject("person", str(person)))) == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (services.PersonChange(name="  "), "name"),
        (services.PersonChange(name="长" * 31), "name"),
        (services.PersonChange(idno="123"), "idno"),
        (services.PersonChange(home_code="999"), "home_code"),
    ],
)
def test_a_wrong_change_is_refused_beside_its_field(
    cast: Cast, now: datetime, change: services.PersonChange, field: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        services.update_person(person_id=cast["resident"].person_id, change=change, by=SYSTEM, now=now)
    assert refused.value.field == field


def test_an_id_number_belongs_to_one_person(cast: Cast, now: datetime) -> None:
    change = services.PersonChange(idno=IDNO)
    services.update_person(person_id=cast["resident"].person_id, change=change, by=SYSTEM, now=now)
    with pytest.raises(RuleBroken, match="另一个人"):
        services.update_person(person_id=cast["neighbour"].person_id, change=change, by=SYSTEM, now=now)


def test_the_neighbour_may_not_change_me(cast: Cast, actor: ActorOf, now: datetime) -> None:
    change = services.PersonChange(name="坏人")
    for role in ("neighbour", "neighbour_staff", "stranger"):
        with pytest.raises(NotAllowed):
            services.update_person(
                person_id=cast["resident"].person_id, change=change, by=actor(role), now=now
            )


def test_search_finds_by_whole_phone_name_id_or_visible_beginning(
    cast: Cast, actor: ActorOf, now: datetime
) -> None:
    services.update_person(
        person_id=cast["resident"].person_id, change=services.PersonChange(idno=IDNO), by=SYSTEM, now=now
    )
    for words in ("19900000001", "王秀英", IDNO, "王*", "王"):
        found = queries.people_page(actor("street_staff"), words).people
        assert [p.id for p in found] == [cast["resident"].person_id], words
    assert queries.people_page(actor("neighbour_staff"), "19900000001").people == ()
    assert queries.people_page(actor("street_staff"), "1990000").people == ()


def test_people_come_in_pages_without_gaps(cast: Cast, actor: ActorOf) -> None:
    for _ in range(5):
        factory.make_person(home=people.COMMUNITY)
    staff, seen, after = actor("street_staff"), [], ""
    while True:
        page = queries.people_page(staff, after=after, limit=3)
        seen += [p.id for p in page.people]
        after = page.next_after
        if not after:
            break
    assert len(seen) == len(set(seen)) == 10


def test_the_area_of_a_person_is_home_else_registration_else_appointment(cast: Cast) -> None:
    assert queries.area_of_person(cast["resident"].person_id) == people.COMMUNITY
    assert queries.area_of_person(cast["dept_handler"].person_id) == people.DEPARTMENT
    assert queries.area_of_person(cast["stranger"].person_id) == ""
    Person.objects.filter(pk=cast["volunteer"].person_id).update(home_unit=None)
    assert queries.area_of_person(cast["volunteer"].person_id) == people.COMMUNITY


def test_the_contact_in_full_is_for_callers_that_record_it(cast: Cast) -> None:
    assert services.clear_contact(cast["resident"].person_id) == ("王秀英", "19900000001")

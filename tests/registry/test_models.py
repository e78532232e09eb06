"""Each constraint of the registry, broken once; and no clear text in the tables."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from huakai.kernel.ids import new_id
from huakai.registry import models as m
from huakai.registry import services
from huakai.registry.types import SYSTEM
from tests import cast as people
from tests.cast import Cast
from tests.factories import registry as factory

DAY = date(2026, 1, 1)


def _breaks(name: str, act: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        act()


def _change(model: type[Model], **values: Any) -> Callable[[], Any]:
    def act() -> Any:
        row = model._default_manager.order_by("pk").first()
        assert row is not None
        return model._default_manager.filter(pk=row.pk).update(**values)

    return act


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize(
    ("name", "model", "values"),
    [
        ("unit_coordinates", m.Unit, {"lon": 117.5}),
        ("unit_coordinates", m.Unit, {"lon": 200.0, "lat": 34.0}),
        ("person_phone_pair", m.Person, {"phone_hash": None}),
        ("person_idno_pair", m.Person, {"idno_hash": "x"}),
        ("person_coordinates", m.Person, {"lat": 34.0}),
        ("appointment_period", m.Appointment, {"ends_at": people.BEFORE}),
        ("team_period", m.Team, {"ends_on": date(2020, 1, 1)}),
        ("team_capacity", m.Team, {"capacity_per_day": 0}),
        ("team_coordinates", m.Team, {"lon": 117.5}),
        ("membership_period", m.Membership, {"ends_on": date(2020, 1, 1)}),
        ("volunteer_state", m.Volunteer, {"state": "gone"}),
        ("volunteer_coordinates", m.Volunteer, {"lat": 34.0}),
    ],
)
def test_a_wrong_value_is_refused_by_the_database(
    name: str, model: type[Model], values: dict[str, Any]
) -> None:
    _breaks(name, _change(model, **values))


def test_what_may_stand_once_stands_once(cast: Cast, now: datetime) -> None:
    resident, staff = cast["resident"], cast["station_staff"]
    unit = m.Unit.objects.get(code=people.COMMUNITY)
    held = {"role": "station_staff", "unit": unit, "starts_at": now}
    _breaks(
        "appointment_open_once",
        lambda: m.Appointment.objects.create(id=new_id(now), person_id=staff.person_id, **held),
    )
    joined = {"team_id": cast.team_id, "person_id": cast["volunteer"].person_id, "starts_on": DAY}
    _breaks("membership_open_once", lambda: m.Membership.objects.create(id=new_id(now), **joined))
    _breaks("registry_account_person_id", lambda: m.Account.objects.create(person_id=resident.person_id))
    phone_hash = m.Person.objects.get(pk=resident.person_id).phone_hash
    _breaks(
        "person_phone_once",
        lambda: m.Person.objects.filter(pk=staff.person_id).update(phone_hash=phone_hash),
    )


def test_posts_and_holdings_stand_once_and_have_a_period(cast: Cast, now: datetime) -> None:
    unit = m.Unit.objects.get(code=people.STREET)
    post = m.Post.objects.create(id=new_id(now), unit=unit, code="institute_head", title="所长")
    held = {"post": post, "person_id": cast["leader"].person_id, "starts_on": DAY}
    m.Holding.objects.create(id=new_id(now), **held)
    _breaks(
        "post_once_per_unit", lambda: m.Post.objects.create(id=new_id(now), unit=unit, code="institute_head")
    )
    _breaks("holding_once", lambda: m.Holding.objects.create(id=new_id(now), **held))
    _breaks("holding_period", _change(m.Holding, ends_on=DAY))


def test_places_have_a_period_and_lie_on_the_earth(cast: Cast) -> None:
    factory.make_place("S1", kind="station", unit=people.COMMUNITY)
    _breaks("place_period", _change(m.Place, ends_on=date(2018, 1, 1)))
    _breaks("place_coordinates", _change(m.Place, lat=34.0))


def test_codes_and_tokens_have_a_term(cast: Cast, now: datetime) -> None:
    code = {"phone_hash": "p", "code_hash": "c", "sent_at": now}
    _breaks("code_term", lambda: m.OneTimeCode.objects.create(id=new_id(now), expires_at=now, **code))
    later = now + timedelta(minutes=5)
    _breaks(
        "code_tries", lambda: m.OneTimeCode.objects.create(id=new_id(now), expires_at=later, tries=6, **code)
    )
    account = cast["admin"].account_id
    token = {"token_hash": "t", "label": "x", "account_id": account, "created_at": now, "expires_at": now}
    _breaks("token_term", lambda: m.ApiToken.objects.create(id=new_id(now), **token))


def test_a_unit_has_a_period_and_a_code_of_digits_and_capitals(cast: Cast) -> None:
    _breaks("unit_period", lambda: factory.make_unit("99", ends_on=date(2018, 1, 1)))
    _breaks("unit_code_form", lambda: factory.make_unit("9-9"))


def test_a_units_code_lies_under_its_parents(cast: Cast) -> None:
    street = m.Unit.objects.get(code=people.STREET)
    _breaks(
        "unit_code_under_parent",
        lambda: m.Unit.objects.filter(code=people.OTHER_COMMUNITY).update(parent=street),
    )
    _breaks(
        "unit_code_under_parent",
        lambda: m.Unit.objects.filter(code=people.COMMUNITY).update(code="370402009001"),
    )


def test_a_units_period_lies_inside_its_parents(cast: Cast) -> None:
    _breaks(
        "unit_period_in_parent",
        lambda: m.Unit.objects.filter(code=people.COMMUNITY).update(starts_on=date(2017, 1, 1)),
    )
    _breaks("unit_children_fit", lambda: m.Unit.objects.filter(code=people.STREET).update(ends_on=DAY))
    _breaks("unit_children_fit", lambda: m.Unit.objects.filter(code=people.STREET).update(code="370402003"))


def test_no_table_holds_a_name_phone_or_id_number_in_clear(cast: Cast, now: datetime) -> None:
    person = cast["resident"].person_id
    change = services.PersonChange(idno="370402194001011235", address="十电社区3号楼2单元501")
    services.update_person(person_id=person, change=change, by=SYSTEM, now=now)
    services.reveal(person_id=person, field="idno", reason="核对身份信息", by=SYSTEM, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        dump = ""
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM \"{table}\" t")
            dump += cursor.fetchone()[0]
    assert person.hex[:8] in dump.replace("-", "")
    for clear in ("王秀英", "19900000001", "370402194001011235", "十电社区3号楼"):
        assert clear not in dump
        assert clear.encode().hex() not in dump

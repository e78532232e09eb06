"""The dated tree: what fits is added, what would orphan others is refused."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from huakai.kernel.errors import NotAllowed, NotFound, RuleBroken
from huakai.registry import queries, services
from huakai.registry.types import SYSTEM, Actor
from tests import cast as people
from tests.cast import Cast

ActorOf = Callable[[str], Actor]


def _unit(**changes: object) -> services.NewUnit:
    values: dict[str, object] = {
        "code": "370402002003",
        "name": "新社区",
        "kind": "community",
        "parent_code": people.STREET,
        "starts_on": date(2026, 1, 1),
    }
    return services.NewUnit(**{**values, **changes})  # type: ignore[arg-type]


def test_a_unit_is_added_renamed_and_ended(cast: Cast, actor: ActorOf, now: datetime) -> None:
    by = actor("centre_staff")
    services.create_unit(new=_unit(), by=by, now=now)
    services.rename_unit(code="370402002003", name="更新社区", short_name="更新", by=by, now=now)
    services.rename_unit(code="370402002003", name="更新社区", short_name="", by=by, now=now)
    services.end_unit(code="370402002003", ends_on=date(2026, 6, 1), by=by, now=now)
    card = queries.unit_by_code("370402002003")
    assert card is not None
    assert (card.name, card.aliases, card.ends_on) == ("更新社区", ("新社区",), date(2026, 6, 1))
    on = {u.code for u in queries.units_under(people.STREET, on=date(2026, 5, 31))}
    after = {u.code for u in queries.units_under(people.STREET, on=date(2026, 6, 1))}
    assert on - after == {"370402002003"}


@pytest.mark.parametrize("role", ["street_staff", "neighbour_staff", "auditor", "stranger"])
def test_who_may_not_edit_units_does_not(cast: Cast, actor: ActorOf, now: datetime, role: str) -> None:
    by = actor(role)
    with pytest.raises(NotAllowed):
        services.create_unit(new=_unit(), by=by, now=now)
    with pytest.raises(NotAllowed):
        services.rename_unit(code=people.COMMUNITY, name="x", short_name="", by=by, now=now)
    with pytest.raises(NotAllowed):
        services.end_unit(code=people.COMMUNITY, ends_on=date(2027, 1, 1), by=by, now=now)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "370402004003"}, "code"),
        ({"kind": "street"}, "kind"),
        ({"starts_on": date(2017, 1, 1)}, "starts_on"),
        ({"code": people.COMMUNITY}, "code"),
        ({"name": "  "}, "name"),
        ({"parent_code": "37040299"}, "parent_code"),
    ],
)
def test_a_unit_that_does_not_fit_is_refused(
    cast: Cast, now: datetime, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        services.create_unit(new=_unit(**changes), by=SYSTEM, now=now)
    assert refused.value.field == field


def test_a_root_needs_a_right_over_its_own_code(cast: Cast, actor: ActorOf, now: datetime) -> None:
    root = _unit(code="370403", kind="district", parent_code="", name="薛城区")
    with pytest.raises(NotAllowed):
        services.create_unit(new=root, by=actor("centre_staff"), now=now)
    services.create_unit(new=root, by=SYSTEM, now=now)


def test_a_unit_with_open_units_below_does_not_end(cast: Cast, now: datetime) -> None:
    with pytest.raises(RuleBroken, match="十电社区"):
        services.end_unit(code=people.STREET, ends_on=date(2027, 1, 1), by=SYSTEM, now=now)
    with pytest.raises(RuleBroken, match="晚于起始"):
        services.end_unit(code=people.COMMUNITY, ends_on=date(2018, 1, 1), by=SYSTEM, now=now)
    with pytest.raises(NotFound):
        services.end_unit(code="370402777", ends_on=date(2027, 1, 1), by=SYSTEM, now=now)


def test_a_rename_needs_a_unit_and_a_name(cast: Cast, now: datetime) -> None:
    with pytest.raises(NotFound):
        services.rename_unit(code="370402777", name="x", short_name="", by=SYSTEM, now=now)
    with pytest.raises(RuleBroken, match="名称"):
        services.rename_unit(code=people.COMMUNITY, name=" ", short_name="", by=SYSTEM, now=now)


def _place(**changes: object) -> services.NewPlace:
    values: dict[str, object] = {
        "code": "S1",
        "kind": "station",
        "name": "十电站",
        "unit_code": people.COMMUNITY,
        "starts_on": date(2026, 1, 1),
    }
    return services.NewPlace(**{**values, **changes})  # type: ignore[arg-type]


def test_a_place_stands_at_a_unit_of_a_fitting_kind(cast: Cast, actor: ActorOf, now: datetime) -> None:
    services.create_place(
        new=_place(code="C1", kind="institute", unit_code=people.STREET), by=SYSTEM, now=now
    )
    services.create_place(new=_place(parent_code="C1"), by=actor("centre_staff"), now=now)
    assert [p.code for p in queries.places_of(people.STREET)] == ["C1", "S1"]
    for changes, field in (
        ({"code": "S2", "unit_code": people.STREET}, "kind"),
        ({"code": "S2", "kind": "castle"}, "kind"),
        ({}, "code"),
        ({"unit_code": "370402777"}, "unit_code"),
    ):
        with pytest.raises(RuleBroken) as refused:
            services.create_place(new=_place(**changes), by=SYSTEM, now=now)
        assert refused.value.field == field
    with pytest.raises(NotAllowed):
        services.create_place(new=_place(code="S3"), by=actor("street_staff"), now=now)


def test_a_seat_is_taken_and_left_by_day(cast: Cast, now: datetime) -> None:
    seat = services.SeatRef(people.STREET, "institute_head", "所长")
    person = cast["leader"].person_id
    held = services.hold_post(seat=seat, person_id=person, starts_on=date(2026, 1, 1), by=SYSTEM, now=now)
    with pytest.raises(RuleBroken, match="所长"):
        services.hold_post(seat=seat, person_id=person, starts_on=date(2026, 2, 1), by=SYSTEM, now=now)
    with pytest.raises(RuleBroken, match="晚于起始"):
        services.end_holding(holding_id=held, ends_on=date(2026, 1, 1), by=SYSTEM, now=now)
    services.end_holding(holding_id=held, ends_on=date(2026, 3, 1), by=SYSTEM, now=now)
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 2, 28), date(2026, 3, 1))
    assert [queries.roster(people.STREET, d)[0].holders for d in days] == [(), ("孙杰",), ("孙杰",), ()]

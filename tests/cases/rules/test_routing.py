"""The first rule that applies decides and says why; whatever happens, somebody gets the case."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from huakai.cases.definitions.catalogue import Route
from huakai.cases.definitions.routing import RoutingTable
from huakai.cases.rules import routing
from huakai.kernel.clock import CHINA
from tests.factories.routing import AT, LISTS, facts, file_of, table

D1, D2 = {"unit": "370402D01"}, {"unit": "370402D02"}


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of March 2026 in China; the 9th is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=CHINA).astimezone(UTC)


@pytest.mark.parametrize(
    ("when", "hit", "miss"),
    [
        ({"category": "road"}, {}, {"category": "water"}),
        ({"category": ["water", "road"]}, {}, {"category": ""}),
        ({"tag": "haitang"}, {"tag": "haitang"}, {"tag": ""}),
        ({"area": "370402002"}, {}, {"area_code": "370402004001"}),
        ({"area": ["370402004", "370402002001"]}, {}, {"area_code": "370402002002"}),
        ({"caller": "enterprise"}, {"caller": "enterprise"}, {}),
        ({"flow": "demand"}, {}, {"flow": "order"}),
        ({"service": "haircut"}, {"service": "haircut"}, {}),
        ({"place_kind": ["market", "yard"]}, {"place_kind": "yard"}, {}),
        ({"weekday": [2]}, {}, {"at": _at(11, 10)}),
        ({"weekday": [3]}, {"at": _at(11, 2)}, {}),  # Tuesday in London, Wednesday here
        ({"starts_at": "10:00", "ends_at": "10:01"}, {}, {"at": _at(10, 10, 1)}),
        ({"starts_at": "18:00", "ends_at": "08:00"}, {"at": _at(10, 7, 59)}, {"at": _at(10, 8)}),
        ({"starts_at": "18:00", "ends_at": "08:00"}, {"at": _at(10, 18)}, {"at": _at(10, 17, 59)}),
        ({"starts_at": "10:00"}, {}, {"at": _at(10, 9, 59)}),
        ({"answers": {"owner": ["none", "gone"]}}, {"answers": {"owner": "gone"}}, {}),
        ({"power": True}, {"answers": {"power": "cf001"}}, {"answers": {"power": "zz"}}),
        ({"power": False}, {"answers": {"power": "zz"}}, {}),
        ({"power": "penalty"}, {"answers": {"power": "cf001"}}, {"answers": {"power": "sp001"}}),
        ({"item": True}, {"answers": {"item": "gd01"}}, {"answers": {"item": "zz"}}),
        ({"item": False}, {"answers": {"item": "zz"}}, {"answers": {"item": "gd01"}}),
    ],
)
def test_a_rule_applies_when_all_it_names_is_so(
    when: dict[str, Any], hit: dict[str, Any], miss: dict[str, Any]
) -> None:
    rules = table({"number": 14, "to": D1, **when}, lists=LISTS)
    assert routing.route(rules, facts(**hit)).number == 14
    assert routing.route(rules, facts(**miss)).number is None


@pytest.mark.parametrize(
    ("to", "changes", "unit"),
    [
        (D2, {}, "370402D02"),
        ({"level": "community"}, {}, "370402002001"),
        ({"level": ["grid", "street"]}, {}, "370402002"),
        ({"owner_of": "power"}, {"answers": {"power": "cf001"}}, "370402002"),
        (
            {"owner_of": "power"},
            {"answers": {"power": "cf001"}, "area_code": "370402004001"},
            "370402D02",
        ),
        (
            {"owner_of": "power"},
            {"answers": {"power": "cf001"}, "at": datetime(2026, 5, 31, 16, tzinfo=UTC)},
            "370402D02",
        ),
        ({"owner_of": "power"}, {"answers": {"power": "sp001"}}, "370402D01"),
        ({"owner_of": "item"}, {"answers": {"item": "gd01"}}, "370402D02"),
    ],
)
def test_a_target_is_a_unit_a_level_or_the_owner_on_a_list(
    to: dict[str, Any], changes: dict[str, Any], unit: str
) -> None:
    found = routing.route(table({"number": 14, "to": to}, lists=LISTS), facts(**changes))
    assert (found.unit_code, found.number, found.because) == (unit, 14, "有规定")


def test_when_the_unit_of_a_rule_is_not_there_the_fallback_decides_and_says_so() -> None:
    rules = table({"number": 14, "to": D1}, {"number": 15, "to": D2})
    assert routing.route(rules, facts(), live={"370402D01"}).unit_code == "370402D01"
    found = routing.route(rules, facts(), live={"370402D02"})
    assert (found.unit_code, found.number, found.missed) == ("370402002", None, 14)
    grid = table({"number": 14, "to": {"level": "grid"}})
    assert routing.route(grid, facts()).missed == 14


def test_a_town_that_is_gone_leaves_the_power_with_its_department() -> None:
    rules = table({"number": 1, "to": {"owner_of": "power"}}, lists=LISTS)
    named = facts(answers={"power": "cf001"})
    assert routing.route(rules, named, live={"370402D02"}).unit_code == "370402D02"


def test_the_lower_number_decides_whatever_the_order_in_the_file() -> None:
    rules = table({"number": 20, "to": D2}, {"number": 3, "to": D1})
    assert routing.route(rules, facts()).number == 3


def test_routes_of_a_catalogue_come_after_every_rule() -> None:
    routes = [Route(category="road", unit_code="370402D02"), Route(category="water", unit_code="370402D01")]
    file = RoutingTable.model_validate(file_of({"number": 9999, "to": D1, "caller": "enterprise"}))
    rules = routing.table_of([file], routes=routes)
    assert routing.route(rules, facts()).unit_code == "370402D02"
    assert routing.route(rules, facts(caller="enterprise")).unit_code == "370402D01"
    assert routing.plain_routes(rules) == {"road": "370402D02", "water": "370402D01"}


def test_without_any_file_the_area_itself_takes_the_case() -> None:
    found = routing.route(routing.table_of([]), facts())
    assert (found.unit_code, found.number) == ("370402002001", None)


@pytest.mark.parametrize(
    "change",
    [
        {"to": {}},
        {"to": {"unit": "370402", "level": "street"}},
        {"to": {"owner_of": "nobody"}},
        {"to": D1, "starts_at": "24:00"},
        {"to": D1, "starts_at": "08:00", "ends_at": "08:00"},
        {"to": D1, "weekday": [8]},
        {"to": D1, "category": []},
        {"to": D1, "power": "Yes"},
        {"to": D1, "color": "red"},
    ],
)
def test_a_rule_that_means_nothing_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        table({"number": 1, **change})


def test_the_fallback_is_no_owner_and_numbers_leave_room_for_routes() -> None:
    with pytest.raises(ValidationError):
        table(otherwise={"to": {"owner_of": "item"}, "because": "x", "because_en": "x"})
    with pytest.raises(ValidationError):
        table({"number": 10_000, "to": D1})


unhurried = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
CATEGORIES = ("road", "water", "power")
some_rules = st.lists(
    st.fixed_dictionaries(
        {
            "number": st.integers(1, 99),
            "to": st.sampled_from([D1, D2, {"level": "street"}, {"level": "grid"}]),
        },
        optional={
            "category": st.lists(st.sampled_from(CATEGORIES), min_size=1, unique=True),
            "area": st.sampled_from(["370402", "370402002", "370402004"]),
            "caller": st.sampled_from(["resident", "enterprise"]),
            "weekday": st.lists(st.integers(1, 7), min_size=1, unique=True),
            "starts_at": st.sampled_from(["00:00", "08:00", "18:00"]),
            "answers": st.fixed_dictionaries({"a": st.sampled_from(["b", "c"])}),
        },
    ),
    max_size=8,
    unique_by=lambda rule: rule["number"],
)
some_facts = st.builds(
    facts,
    category=st.sampled_from((*CATEGORIES, "")),
    area_code=st.sampled_from(["370402002001", "370402004001", "370402"]),
    caller=st.sampled_from(["resident", "enterprise"]),
    at=st.integers(0, 7 * 1440).map(lambda minutes: AT + timedelta(minutes=minutes)),
    answers=st.sampled_from([{}, {"a": "b"}, {"a": "c"}]),
    area_kinds=st.sampled_from([{}, {"street": "370402002"}]),
)


@unhurried
@given(some_rules, some_facts)
def test_the_first_match_wins_and_the_fallback_always_routes(
    rules: list[dict[str, Any]], case: routing.RouteFacts
) -> None:
    whole = table(*rules)
    found = routing.route(whole, case)
    assert found.unit_code
    matching = [line.number for line in whole.lines if routing.applies(line.conditions, case, whole)]
    assert (found.number or found.missed) == (min(matching) if matching else None)


@given(st.permutations(range(1, 7)), some_facts)
def test_rules_that_do_not_overlap_may_stand_in_any_order(
    numbers: list[int], case: routing.RouteFacts
) -> None:
    apart = [
        {"category": category, "caller": caller, "to": {"unit": f"370402D{at:02d}"}}
        for at, (category, caller) in enumerate(
            (category, caller) for category in CATEGORIES for caller in ("resident", "enterprise")
        )
    ]
    straight = table(*({"number": n, **rule} for n, rule in enumerate(apart, start=1)))
    mixed = table(*({"number": n, **rule} for n, rule in zip(numbers, apart, strict=True)))
    assert routing.route(straight, case).unit_code == routing.route(mixed, case).unit_code


def test_a_replay_counts_the_cases_that_would_go_elsewhere() -> None:
    old = table({"number": 1, "category": "road", "to": D1})
    new = table({"number": 1, "category": "road", "caller": "enterprise", "to": D2})
    cases = [facts(ref=str(n), caller="enterprise" if n < 7 else "resident") for n in range(10)]
    cases.append(facts(ref="x", category="water"))
    found = routing.replay(old, new, cases)
    assert (found.total, found.changed) == (11, 10)
    assert [(m.before, m.after, m.count) for m in found.moved] == [
        ("370402D01", "370402D02", 7),
        ("370402D01", "370402002", 3),
    ]
    assert found.moved[0].examples == ("0", "1", "2", "3", "4")
    assert routing.replay(old, old, cases).moved == ()

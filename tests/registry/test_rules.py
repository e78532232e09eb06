"""Rights from roles, the growing wait, numbers that are numbers, and what is wrong with a pack."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huakai.packs.types import PackView
from huakai.registry import rules
from huakai.registry.definitions import RegistryBook, RoleBook, UnitKind

AT = datetime(2026, 3, 10, tzinfo=UTC)
HEAD = {"schema_version": 1, "code": "x", "title": "x", "title_en": "x"}


def _book(*roles: dict[str, object]) -> RoleBook:
    return RoleBook.model_validate({**HEAD, "roles": list(roles)})


def _role(code: str, held_by: str, *permissions: tuple[str, str]) -> dict[str, object]:
    rights = [{"action": a, "scope": s} for a, s in permissions]
    return {"code": code, "title": code, "title_en": code, "held_by": held_by, "permissions": rights}


BOOK = _book(
    _role("resident", "everyone", ("case.open", "own")),
    _role("volunteer", "volunteer", ("case.accept", "own")),
    _role("team_leader", "team_leader", ("team.edit", "own")),
    _role("staff", "appointment", ("case.view", "subtree")),
)


def test_a_prefix_that_another_covers_says_nothing_new() -> None:
    holds = rules.Holds((("staff", "3704"), ("staff", "370402001"), ("staff", "9")))
    assert rules.grants_of(BOOK, holds).permissions == {"case.view": ("3704", "9")}


def test_roles_add_up_and_an_unknown_role_gives_nothing() -> None:
    grants = rules.grants_of(BOOK, rules.Holds((("king", "3704"),), volunteer=True, leads=True))
    assert grants.permissions == {}
    assert grants.own == {"case.open", "case.accept", "team.edit"}
    assert grants.roles == ("resident", "volunteer", "team_leader")


@given(st.lists(st.text("0123456789", min_size=1, max_size=6), max_size=8))
def test_dropping_covered_prefixes_changes_nobodys_reach(codes: list[str]) -> None:
    holds = rules.Holds(tuple(("staff", c) for c in codes))
    kept = rules.grants_of(BOOK, holds).permissions.get("case.view", ())
    for code in codes:
        assert any(code.startswith(k) for k in kept)
    assert set(kept) <= set(codes)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (10, 960), (11, 1800), (50, 1800)]
)
def test_the_wait_grows_and_ends_at_half_an_hour(failures: int, seconds: int) -> None:
    assert rules.next_try_at(failures, AT) == AT + timedelta(seconds=seconds)


def test_a_wait_is_said_rounded_up() -> None:
    assert rules.whole_seconds(timedelta(milliseconds=1)) == 1
    assert rules.whole_seconds(timedelta(seconds=2, microseconds=1)) == 3
    assert rules.whole_seconds(timedelta(0)) == 1


@pytest.mark.parametrize("phone", ["13812345678", "06323331234", "053112345678"])
def test_a_phone_is_a_mobile_or_has_an_area_code(phone: str) -> None:
    assert rules.is_mainland_phone(phone)


@pytest.mark.parametrize(
    "phone", ["", "1381234567", "23812345678", "0632", "１３８１２３４５６７８", "138123456789"]
)
def test_what_is_no_phone_is_refused(phone: str) -> None:
    assert not rules.is_mainland_phone(phone)


def test_a_phone_is_compared_plain() -> None:
    assert rules.plain_phone("+86 139-1234-5678") == "13912345678"
    assert rules.plain_phone("0632 3331234") == "06323331234"


def test_an_id_number_holds_by_its_check_digit() -> None:
    assert rules.is_idno("11010519491231002X")  # the example of GB 11643
    assert rules.is_idno("11010519491231002x")
    for wrong in ("110105194912310021", "11010519491231002", "1101051949123100AX", ""):
        assert not rules.is_idno(wrong)


KINDS = {
    "street": UnitKind(code="street", title="街道", title_en="Street", under=("district",)),
    "district": UnitKind(code="district", title="区", title_en="District"),
}


def _facts(**changes: object) -> rules.UnitFacts:
    values: dict[str, object] = {
        "code": "370402002",
        "kind": "street",
        "starts_on": date(2020, 1, 1),
        "ends_on": None,
        "parent_code": "370402",
        "parent_kind": "district",
        "parent_starts_on": date(2018, 1, 1),
        "parent_ends_on": None,
    }
    return rules.UnitFacts(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "37-04"}, "code"),
        ({"kind": "galaxy"}, "kind"),
        ({"ends_on": date(2020, 1, 1)}, "ends_on"),
        ({"code": "370403001"}, "code"),
        ({"code": "370402"}, "code"),
        ({"parent_kind": "street"}, "kind"),
        ({"parent_starts_on": date(2021, 1, 1)}, "starts_on"),
        ({"parent_ends_on": date(2025, 1, 1)}, "ends_on"),
        ({"parent_ends_on": date(2025, 1, 1), "ends_on": date(2026, 1, 1)}, "ends_on"),
    ],
)
def test_a_unit_that_does_not_fit_is_refused_beside_its_field(changes: dict[str, object], field: str) -> None:
    problem = rules.unit_problem(_facts(**changes), KINDS)
    assert problem is not None
    assert problem[0] == field


def test_a_unit_that_fits_is_accepted_and_a_root_needs_no_parent() -> None:
    assert rules.unit_problem(_facts(), KINDS) is None
    assert (
        rules.unit_problem(_facts(parent_ends_on=date(2025, 1, 1), ends_on=date(2024, 1, 1)), KINDS) is None
    )
    assert rules.unit_problem(_facts(code="37", kind="district", parent_code=""), KINDS) is None


def _view(*books: RegistryBook) -> PackView:
    models = {("registry", str(n)): b for n, b in enumerate(books)}
    return PackView(pack_code="x", title="x", title_en="x", root_code="", models=models)


def test_a_role_book_is_checked_for_doubles_scope_and_everyones_role() -> None:
    book = _book(
        _role("volunteer", "volunteer", ("case.view", "subtree"), ("case.view", "own")),
        _role("volunteer", "appointment"),
    )
    paths = [p.path for p in rules.role_problems(book, _view())]
    assert paths == ["roles.1", "roles.0.permissions", "roles.0.permissions.1", "roles"]
    assert rules.role_problems(BOOK, _view()) == []


def test_a_vocabulary_names_only_what_somebody_defines() -> None:
    book = RegistryBook.model_validate(
        {
            **HEAD,
            "unit_kinds": [
                {"code": "street", "title": "x", "title_en": "x", "under": ["moon"], "due": ["bar"]}
            ],
            "place_kinds": [{"code": "centre", "title": "x", "title_en": "x", "at": ["sun"]}],
            "team_levels": [
                {"code": "a", "title": "x", "title_en": "x", "due_per_place": 5},
                {"code": "a", "title": "x", "title_en": "x", "due_per_place": 5, "place_kind": "pub"},
            ],
            "taxonomies": [
                {
                    "code": "t",
                    "title": "x",
                    "title_en": "x",
                    "terms": [{"code": "f", "title": "x", "title_en": "x"}] * 2,
                }
            ],
        }
    )
    assert [p.path for p in rules.registry_problems(book, _view(book))] == [
        "team_levels.1",
        "unit_kinds.0.under",
        "unit_kinds.0.due",
        "place_kinds.0.at",
        "team_levels.0",
        "team_levels.1.place_kind",
        "taxonomies.0.terms.1",
    ]

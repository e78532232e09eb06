"""What neighbours read from the registry: vocabularies, units in groups, places, teams."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest

from huakai.packs import queries as packs
from huakai.packs.types import EditionView
from huakai.registry import queries
from huakai.registry.types import Actor
from tests import cast as people
from tests.cast import Cast
from tests.factories import registry as factory


@pytest.mark.row("SZ-16")
def test_five_flowers_name_five_service_targets(shizhong: EditionView) -> None:
    flowers = queries.taxonomy("shizhong", "flowers")
    assert flowers is not None
    assert {t.title: t.target for t in flowers.terms} == {
        "长寿花": "为老",
        "向阳花": "为小",
        "海棠花": "为困难群体",
        "百合花": "为需要心理疏导和情感慰藉群体",
        "石榴花": "为社会公共需要",
    }
    assert queries.tag_titles("shizhong", "zh-hans")["changshou"] == "长寿花·为老"
    assert queries.tag_titles("shizhong", "en")["changshou"] == "Kalanchoe·For the old"
    assert queries.taxonomy("shizhong", "weeds") is None


def test_words_have_titles_in_both_languages_and_unknown_codes_stay(shizhong: EditionView) -> None:
    book = queries.vocabulary("shizhong")
    assert queries.title_in(book.skills, "haircut", "zh-hans") == "理发"
    assert queries.title_in(book.skills, "haircut", "en") == "Haircuts"
    assert queries.title_in(book.skills, "flying", "en") == "flying"
    assert dict(queries.choices_of(book.groups, "en"))["town"] == "Towns"
    assert queries.role_titles("shizhong", "en")["leader"] == "Leader"
    assert "resident" not in dict(queries.appointable_roles("shizhong", "en"))
    assert queries.place_title("shizhong", "zh-hans") == "枣庄市市中区"
    assert queries.place_title("", "zh-hans") == "文明实践"
    assert queries.root_code("shizhong") == "370402"


def test_units_are_read_by_code_kind_group_and_day(cast: Cast, now: datetime) -> None:
    assert queries.unit_by_code("000") is None
    assert queries.unit_by_id(uuid4()) is None
    assert set(queries.units_by_codes([people.STREET, "000"])) == {people.STREET}
    streets = queries.units_under("370402", kind="street", on=now.date())
    assert [u.code for u in streets] == [people.STREET, people.OTHER_STREET]
    assert [u.code for u in queries.units_under("370402", group="department")] == [
        people.DEPARTMENT,
        people.OTHER_DEPARTMENT,
    ]
    grouped = queries.units_in_groups("370402", now.date())
    assert {group: len(units) for group, units in grouped.items()} == {"street": 2, "department": 2}
    assert queries.unit_names([people.COMMUNITY]) == {people.COMMUNITY: "十电社区"}
    assert ("370402002001", "塔塔埠街道 · 十电社区") in queries.home_choices("370402")


def test_the_tree_unfolds_below_its_top(cast: Cast) -> None:
    branches = queries.branches_of(queries.units_under("370402"))
    assert [(b.unit.code, len(b.children)) for b in branches] == [
        ("370402", 0),
        (people.STREET, 2),
        (people.OTHER_STREET, 2),
        ("370402D", 2),
    ]


def test_places_are_read_under_a_unit_or_exactly_at_it(cast: Cast) -> None:
    factory.make_place("S1", kind="station", unit=people.COMMUNITY)
    factory.make_place("B1", kind="base", unit=people.STREET)
    assert [p.code for p in queries.places_of(people.STREET)] == ["B1", "S1"]
    assert [p.code for p in queries.places_of(people.STREET, exact=True)] == ["B1"]
    assert [p.code for p in queries.places_of(people.STREET, kind="station")] == ["S1"]
    assert queries.counts(people.STREET).places == {"station": 1, "base": 1}


def test_teams_are_searched_paged_and_named(cast: Cast, actor: Callable[[str], Actor]) -> None:
    for _ in range(4):
        factory.make_team(people.COMMUNITY)
    staff = actor("street_staff")
    first = queries.teams_page(staff, limit=3)
    rest = queries.teams_page(staff, after=first.next_after, limit=3)
    codes = [t.code for t in (*first.teams, *rest.teams)]
    assert codes == sorted(codes)
    assert (len(codes), first.total, rest.next_after) == (5, 5, "")
    assert [t.id for t in queries.teams_page(staff, words="帮帮团").teams] == [cast.team_id]
    assert queries.teams_page(staff, prefix=people.OTHER_STREET).total == 0
    assert [t.id for t in queries.teams_page(actor("volunteer")).teams] == [cast.team_id]
    assert queries.team_names([cast.team_id, None]) == {cast.team_id: "十电社区帮帮团"}
    assert queries.team_names([]) == {}
    assert queries.team_card(uuid4()) is None
    assert queries.leader_of(cast.team_id) == cast["team_leader"].person_id


def test_a_volunteer_stands_where_they_said(cast: Cast) -> None:
    person = factory.make_volunteer(people.COMMUNITY, skills=("law",), lon=117.5, lat=34.8)
    (found,) = queries.candidate_volunteers("law", people.STREET, 5)
    assert (found.person_id, found.name_masked) == (person, "志**")
    assert found.point is not None
    assert found.point.lon == 117.5
    team = queries.team_by_code(people.TEAM)
    assert team is not None
    assert team.point is None


def test_without_a_published_pack_nobody_may_anything(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "published_places", list)
    nobody = queries.actor_of_account(cast["admin"].account_id, people.NOW)
    assert (nobody.pack_code, nobody.permissions, nobody.own) == ("", {}, frozenset())

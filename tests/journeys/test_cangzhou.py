"""Cangzhou: sixteen counties under one city, some with packs of their own, and a report that adds up (CZ-09)."""

import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from django.conf import settings

from huakai.cases import services
from huakai.cases.types import Taker, TakerKind
from huakai.kernel.errors import RuleBroken
from huakai.packs import queries as packs
from tests.cast import NOW
from tests.factories import places
from tests.factories import registry as factory
from tests.factories.places import Place, case

RENQIU, BOTOU, CANGXIAN = "130982", "130981", "130921"
OWN_MENUS = {RENQIU: ("renqiu", "oil_families"), BOTOU: ("botou", "cast_iron_town")}
"""Counties with a pack of their own: its code, and the one category they call something else."""


@pytest.fixture
def cangzhou(place_of: Callable[[str], Place]) -> Place:
    """The city with its sixteen counties; staff at the city and in three of them."""
    place = place_of("cangzhou")
    place.appoint("city", "centre_staff", "1309")
    for county in (RENQIU, BOTOU, CANGXIAN):
        place.appoint(county, "centre_staff", county)
        place.appoint(f"street of {county}", "street_staff", leaf(county)[:-3])
        place.join(f"resident of {county}", home=leaf(county))
    return place


def leaf(county: str) -> str:
    """A community of the county."""
    return f"{county}{'001' if county == RENQIU else '100'}001"


def county_pack(folder: Path, county: str, *categories: str) -> None:
    """A county's own pack beside the shipped ones: the city's flow, and a menu of the county's."""
    code = OWN_MENUS[county][0]
    root = folder / "packs"
    if not root.exists():
        shutil.copytree(settings.PACKS_ROOT, root)
    for section in ("cases", "catalogue"):
        (root / code / section).mkdir(parents=True, exist_ok=True)
    shutil.copy(root / "cangzhou/cases/point_and_send.yaml", root / code / "cases/point_and_send.yaml")
    head = {"schema_version": 1, "title": f"县{county}", "title_en": f"County {county}"}
    manifest = head | {"code": code, "requires": "base", "root_code": county}
    (root / code / "pack.yaml").write_text(yaml.safe_dump(manifest, allow_unicode=True))
    line = {"kind": "order", "flow": "point_and_send"}
    menu = head | {
        "code": "services",
        "categories": [line | {"code": c, "title": f"类别{c}", "title_en": c} for c in categories],
    }
    (root / code / "catalogue/services.yaml").write_text(yaml.safe_dump(menu, allow_unicode=True))


def publish(folder: Path, county: str, *categories: str) -> int:
    """The county changes its menu; the number of the edition."""
    county_pack(folder, county, *categories)
    return places.publish(OWN_MENUS[county][0], root=folder / "packs").number


def ordered(place: Place, county: str, category: str) -> UUID:
    """A resident's order in a county."""
    return place.open(
        f"resident of {county}",
        area=leaf(county),
        category=category,
        detail="想请人来帮忙",
        channel="phone_page",
    )


def served(place: Place, county: str, case_id: UUID, stars: int = 5) -> None:
    """点 → 派 → 接 → 评, in that order."""
    who = f"leader {len(place.people)}"
    team = factory.make_team(leaf(county), leader=place.join(who, home=leaf(county)).person_id)
    place.move(f"street of {county}", case_id, "offer", taker=Taker(TakerKind.TEAM, team))
    place.move(who, case_id, "accept")
    place.move(who, case_id, "finish", result="办好了", minutes=60)
    by = place.actor(f"resident of {county}")
    services.rate_case(case_id=case_id, stars=stars, comment="", by=by, now=NOW)


def report(place: Place, by: str = "area", who: str = "city") -> dict[str, dict[str, int]]:
    """The panel of a reader: rows by key, the total under the empty key."""
    found = place.api(who, "get", f"/panel?by={by}").json()
    return {"": found["total"]} | {row["key"]: row for row in found["rows"]}


@pytest.mark.row("CZ-09")
def test_the_name_is_no_order_of_steps(cangzhou: Place) -> None:
    """点评接派 goes 点单 → 派单 → 接单 → 评单: nothing is rated before it is done, nothing taken before it is sent."""
    flow = cangzhou.edition.get("cases", "point_and_send")
    assert [step.title for step in flow.steps] == ["点单", "派单", "接单", "评单"]
    case_id = ordered(cangzhou, CANGXIAN, "for_elders")
    shown = [case(case_id).stage]
    leader = cangzhou.join("leader", home=leaf(CANGXIAN))
    team = factory.make_team(leaf(CANGXIAN), leader=leader.person_id)
    cangzhou.move(f"street of {CANGXIAN}", case_id, "offer", taker=Taker(TakerKind.TEAM, team))
    shown.append(case(case_id).stage)
    cangzhou.move("leader", case_id, "accept")
    shown.append(case(case_id).stage)
    cangzhou.move("leader", case_id, "finish", result="办好了", minutes=45)
    phone = cangzhou.client(f"resident of {CANGXIAN}")
    phone.post(f"/m/orders/{case_id}/rate/", {"stars": "4", "comment": "好"})
    assert [*shown, case(case_id).stage] == ["ordered", "offered", "serving", "closed"]
    assert case(case_id).stars == 4


@pytest.mark.row("CZ-09")
def test_counties_with_menus_of_their_own_still_add_up_to_the_city(cangzhou: Place, tmp_path: Path) -> None:
    for county, (code, category) in OWN_MENUS.items():
        publish(tmp_path, county, category, "common_help")
        assert packs.pack_of(leaf(county)) == code
    assert packs.pack_of(leaf(CANGXIAN)) == "cangzhou"
    cases = {
        RENQIU: [ordered(cangzhou, RENQIU, c) for c in ("oil_families", "oil_families", "common_help")],
        BOTOU: [ordered(cangzhou, BOTOU, "cast_iron_town")],
        CANGXIAN: [ordered(cangzhou, CANGXIAN, c) for c in ("for_elders", "for_children")],
    }
    for county, some in cases.items():
        served(cangzhou, county, some[0])
    by_area = report(cangzhou)
    assert by_area[""]["collected"] == 6
    assert by_area[""]["closed"] == 3
    assert len([key for key in by_area if key]) == 16, "every county has its row, zeros included"
    for name in ("collected", "closed", "open"):
        assert sum(row[name] for key, row in by_area.items() if key) == by_area[""][name]
    assert {c: by_area[c]["collected"] for c in cases} == {c: len(some) for c, some in cases.items()}
    by_category = report(cangzhou, "category")
    assert sum(row["collected"] for key, row in by_category.items() if key) == 6
    assert by_category["oil_families"]["collected"] == 2
    own = report(cangzhou, "category", who=RENQIU)
    assert {key: row["collected"] for key, row in own.items()} == {"": 3, "oil_families": 2, "common_help": 1}


@pytest.mark.row("CZ-09")
def test_a_county_changes_its_categories_and_the_city_report_still_adds_up(
    cangzhou: Place, tmp_path: Path
) -> None:
    """Orders of the old menu stay counted under the name they had, and can still be closed."""
    first = publish(tmp_path, RENQIU, "oil_families")
    old = ordered(cangzhou, RENQIU, "oil_families")
    before = report(cangzhou)[""]["collected"]
    assert publish(tmp_path, RENQIU, "lake_families", "park_families") == first + 1
    with pytest.raises(RuleBroken) as gone:
        ordered(cangzhou, RENQIU, "oil_families")
    assert gone.value.code == "category_unknown"
    for category in ("lake_families", "park_families"):
        ordered(cangzhou, RENQIU, category)
    ordered(cangzhou, CANGXIAN, "for_elders")
    served(cangzhou, RENQIU, old)
    by_area, by_category = report(cangzhou), report(cangzhou, "category")
    assert by_area[""]["collected"] == before + 3 == by_category[""]["collected"]
    assert sum(row["collected"] for key, row in by_area.items() if key) == before + 3
    kinds = {key: row["collected"] for key, row in by_category.items() if key}
    assert kinds == {"oil_families": 1, "lake_families": 1, "park_families": 1, "for_elders": 1}
    assert by_category["oil_families"]["closed"] == 1


@pytest.mark.row("CZ-09")
def test_the_city_reads_what_counties_call_their_categories(cangzhou: Place, tmp_path: Path) -> None:
    publish(tmp_path, RENQIU, "oil_families")
    ordered(cangzhou, RENQIU, "oil_families")
    page = cangzhou.client("city").get("/desk/panel/?by=category").content.decode()
    assert "类别oil_families" in page
    assert "oil_families" not in page.replace("类别oil_families", "").replace("category=oil_families", "")


@pytest.mark.row("CZ-09")
def test_the_data_of_one_county_stays_apart_from_the_next(cangzhou: Place) -> None:
    case_id = ordered(cangzhou, RENQIU, "for_elders")
    assert cangzhou.client(RENQIU).get(f"/desk/cases/{case_id}/").status_code == 200
    assert cangzhou.client("city").get(f"/desk/cases/{case_id}/").status_code == 200
    assert cangzhou.client(BOTOU).get(f"/desk/cases/{case_id}/").status_code == 404
    assert report(cangzhou, who=BOTOU)[""]["collected"] == 0

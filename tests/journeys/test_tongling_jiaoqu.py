"""铜陵市郊区: four parties (TJ-01), no demolition without a determination (TJ-03), dogs (TJ-06), promises (QG-03)."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from huakai.cases import queries
from huakai.cases.models import Assignment, Case
from huakai.kernel.clock import CHINA, FixedClock
from huakai.packs import queries as packs
from huakai.packs.types import EditionView
from tests.factories.places_b import Place, Refused, sent, standing

ROOT, OFFICE, COMMUNITY = "340711", "340711001", "340711001001"
PROPERTY, RESIDENTS, SOCIAL = f"{COMMUNITY}W01", f"{COMMUNITY}J01", f"{COMMUNITY}S01"
FOUR = (COMMUNITY, PROPERTY, RESIDENTS, SOCIAL)
URBAN, HEALTH = "340711D01", "340711D03"


@pytest.fixture
def place(shizhong: EditionView, clock: FixedClock) -> Iterator[Place]:
    with standing("tongling_jiaoqu", clock) as made:
        yield made


def shared(place: Place) -> UUID:
    """A matter of an estate, shared among the four."""
    office = place.who("street_staff", OFFICE)
    case_id = place.call(office, f"{COMMUNITY}01", "estate", "楼道堆物")
    place.move(office, case_id, "share", unit_codes=FOUR)
    return case_id


@pytest.mark.row("TJ-01")
def test_a_case_with_four_parts_stays_open_until_the_last_is_done(place: Place) -> None:
    case_id, office = shared(place), place.who("street_staff", OFFICE)
    for done, unit in enumerate(FOUR):
        refused = place.post(office, case_id, "finish", result="都好了")
        assert refused.status_code == 422
        assert f"还有{4 - done}个协办单位没有办完" in refused.content.decode()
        assert Case.objects.get(pk=case_id).status == "open"
        place.move(place.who("dept_handler", unit), case_id, "part_accept")
        place.move(place.who("dept_handler", unit), case_id, "part_done", result="本方已落实")
    place.move(office, case_id, "finish", result="楼道清空")
    assert Case.objects.get(pk=case_id).status == "closed"


@pytest.mark.row("TJ-01")
def test_each_party_does_its_own_part_though_the_community_stands_above_three(place: Place) -> None:
    case_id = shared(place)
    community, residents = place.who("dept_handler", COMMUNITY), place.who("dept_handler", RESIDENTS)
    place.move(community, case_id, "part_done", result="社区已张贴通知")
    place.move(residents, case_id, "part_done", result="居民小组已清理自家杂物")
    states = dict(Assignment.objects.filter(case=case_id).values_list("unit_code", "state"))
    assert states == {COMMUNITY: "done", RESIDENTS: "done", PROPERTY: "offered", SOCIAL: "offered"}
    with pytest.raises(Refused, match="哪个单位"):
        place.move(community, case_id, "part_done", result="替别人办", answers={})
    place.move(community, case_id, "part_done", result="代物业登记", unit_code=PROPERTY, answers={})
    assert Assignment.objects.get(case=case_id, unit_code=PROPERTY).state == "done"


@pytest.mark.row("TJ-01")
def test_fewer_than_four_parties_are_refused(place: Place) -> None:
    office = place.who("street_staff", OFFICE)
    case_id = place.call(office, f"{COMMUNITY}01", "estate", "楼道堆物")
    with pytest.raises(Refused, match="4个"):
        place.move(office, case_id, "share", unit_codes=(*FOUR[:3], COMMUNITY))


def surveyed(place: Place) -> UUID:
    """A suspect building, given to the enforcement bureau to look at."""
    office = place.who("street_staff", OFFICE)
    case_id = place.call(office, COMMUNITY, "illegal_building", "楼顶搭了彩钢房", caller="patrol")
    place.move(office, case_id, "assign", unit_code=URBAN)
    return case_id


DETERMINED = {"determination": "illegal", "decision_no": "郊城认字〔2026〕3号", "decided_on": "2026-03-10"}


def _photo() -> str:
    """A small picture in base64."""
    out = BytesIO()
    Image.new("RGB", (64, 48), "white").save(out, "JPEG")
    return b64encode(out.getvalue()).decode()


PHOTO = _photo()


def razed(**changes: Any) -> dict[str, Any]:
    """What the demolition hands in."""
    return {
        "outcome": "demolished",
        "quantities": [{"code": "demolished", "amount": "36.50"}],
        "photos": [PHOTO],
        "result": "已拆除并清运",
        "review_at": datetime(2026, 4, 10, 9, 0, tzinfo=CHINA),
    } | changes


@pytest.mark.row("TJ-03")
def test_nothing_is_demolished_before_it_has_a_determination(place: Place) -> None:
    case_id, bureau = surveyed(place), place.who("dept_handler", URBAN)
    with pytest.raises(Refused, match="已经不能做这一步"):
        place.move(bureau, case_id, "demolish", **razed())
    for answers in ({}, DETERMINED | {"decision_no": ""}, DETERMINED | {"determination": "lawful"}):
        with pytest.raises(Refused):
            place.move(bureau, case_id, "determine", answers=answers)
    assert Case.objects.get(pk=case_id).stage == "surveying"
    place.move(bureau, case_id, "determine", answers=DETERMINED)
    for gone in ("outcome", "quantities", "photos", "result", "review_at"):
        given = {name: value for name, value in razed().items() if name != gone}
        with pytest.raises(Refused):
            place.move(bureau, case_id, "demolish", **given)
    place.move(bureau, case_id, "demolish", **razed())
    assert Case.objects.get(pk=case_id).outcome == "demolished"


@pytest.mark.row("TJ-03")
def test_what_was_demolished_stays_on_a_watch_list_and_comes_up_for_patrol(
    place: Place, clock: FixedClock
) -> None:
    case_id, bureau = surveyed(place), place.who("dept_handler", URBAN)
    place.move(bureau, case_id, "determine", answers=DETERMINED)
    assert bureau.view("illegal_building", "to_demolish") == [case_id]
    place.move(bureau, case_id, "demolish", **razed())
    assert bureau.view("illegal_building", "watch") == [case_id]
    assert bureau.view("illegal_building", "watch_due") == []
    clock.at = datetime(2026, 4, 10, 9, 0, tzinfo=CHINA)
    assert bureau.view("illegal_building", "watch_due") == [case_id]
    place.move(bureau, case_id, "patrol")
    place.move(bureau, case_id, "nothing_new", result="没有反弹", review_at=clock.at + timedelta(days=30))
    assert bureau.view("illegal_building", "watch") == [case_id]
    clock.at += timedelta(days=30)
    place.move(bureau, case_id, "patrol")
    place.move(bureau, case_id, "rebuilt", reason="又搭起来了")
    assert Case.objects.get(pk=case_id).stage == "surveying", "built again is determined again"


@pytest.mark.row("TJ-06")
def test_a_patrol_finding_opens_a_case_with_the_law_cited(place: Place) -> None:
    patrol = place.who("grid_worker", COMMUNITY)
    finding = {
        "category": "dog",
        "detail": "遛狗不牵绳",
        "caller_kind": "patrol",
        "answers": {"law": "epidemic"},
    }
    visit = {"kind": "dog_patrol", "area_code": COMMUNITY, "visited_on": "2026-03-10", "findings": [finding]}
    made = sent(patrol.api("post", "/visits", "v1", body=visit))
    (found,) = made["cases"]
    case = Case.objects.get(pk=found)
    assert (case.origin_kind, str(case.origin_id), case.caller_kind) == ("visit", made["id"], "patrol")
    assert case.answers["law"] == "epidemic"
    assert "《中华人民共和国动物防疫法》" in packs.edition(case.edition_id).get("cases", case.flow).source
    again = patrol.api("post", "/visits", "v1", body=visit)
    assert (again.status_code, again.json()) == (200, made)
    place.move(patrol, case.id, "on_the_spot", outcome="corrected", result="当场牵绳")
    assert Case.objects.get(pk=found).status == "closed"


@pytest.mark.row("TJ-06")
def test_a_finding_without_its_law_or_of_another_kind_opens_nothing(place: Place) -> None:
    patrol = place.who("grid_worker", COMMUNITY)
    visit = {"kind": "dog_patrol", "area_code": COMMUNITY, "visited_on": "2026-03-10"}
    for category, answers in (("dog", {}), ("sanitation", {"law": "epidemic"})):
        finding = {"category": category, "detail": "遛狗", "answers": answers}
        with pytest.raises(Refused):
            sent(patrol.api("post", "/visits", "v1", body=visit | {"findings": [finding]}))
    assert not Case.objects.filter(flow="dog").exists()


@pytest.mark.row("QG-03")
def test_the_district_keeps_its_promises_on_the_same_kind_of_list(place: Place, clock: FixedClock) -> None:
    office, owner = place.who("street_staff", OFFICE), place.who("dept_handler", HEALTH)
    case_id = place.call(office, COMMUNITY, "promise", "老旧小区加装扶手")
    place.move(office, case_id, "promise", unit_code=HEALTH, due_at=clock.at + timedelta(days=20))
    assert [line.owner for line in queries.public_list(ROOT)] == ["区卫生健康委员会"]
    place.move(owner, case_id, "file_result", result="扶手已装好")
    assert queries.public_list(ROOT) == ()

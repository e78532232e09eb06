"""An office's files: every line has its reason, all or nothing, the second time nothing changes."""

from collections.abc import Callable
from datetime import datetime

import pytest

from huakai.files import services as files
from huakai.kernel.errors import NotAllowed
from huakai.kernel.imports import ImportReport
from huakai.registry import queries
from huakai.registry.models import Membership, Person, Place, Team, Unit, Volunteer
from huakai.registry.types import SYSTEM, Actor
from tests import cast as people
from tests.cast import Cast

ActorOf = Callable[[str], Actor]

UNITS = """编码,名称,简称,类型,分组,上级编码,排序,经度,纬度,起始日期,终止日期,别名
370402009001,东社区,东,社区,,370402009,2,117.5,34.8,2020年12月1日,,老东、东里
370402009,新镇,新,town,town,370402,1,,,2020-12-01,,
"""
PLACES = """code,kind,name,单位编码,parent_code,地址,lon,lat,starts_on
S370402002001,station,十电站,370402002001,I370402002,十电路1号,117.5,34.8,2020-12-01
I370402002,institute,塔塔埠所,370402002,,,,,2020/12/1
"""
POSTS = """单位编码,机构,code,职务,排序,姓名,手机,起始日期,终止日期
370402,领导小组,group_leader,组长,1,甲某某,19900007001,2020-12-01,2022-05-16
370402,领导小组,group_leader,组长,1,乙某某,,2020-12-01,
370402,领导小组,group_member,成员,3,乙某某,,2022-05-16,
"""
TEAMS = """code,name,级别,领域,单位编码,parent_code,队长姓名,队长手机,技能,日接单量,lon,lat,starts_on
T2,下队,station,助学支教,370402002001,T1,丙某,19900007003,课业辅导、repair,5,117.5,34.8,2020-12-01
T1,上队,区级,law,370402,,,,,,,,2020-12-01
"""
VOLUNTEERS = """姓名,称谓,手机,身份证号,单位编码,服务队编码,技能,注册日期,每周可服务次数,lon,lat
丁某,女士,19900007004,11010519491231002X,370402002001,370402002001T01,理发、repair,2021-03-05,2,117.5,34.8
张伟,,199-0000-0003,,370402002001,370402002001T01,repair、haircut,2026-01-05,3,,
"""


def _run(kind: str, text: str, now: datetime, *, dry_run: bool = False, by: Actor = SYSTEM) -> ImportReport:
    content = text.encode("gb18030")
    return files.run_import(kind=kind, content=content, name=f"{kind}.csv", dry_run=dry_run, by=by, now=now)


def _counts(report: ImportReport) -> tuple[int, int, int]:
    assert report.problems == ()
    return report.created, report.updated, report.unchanged


@pytest.mark.parametrize(
    ("kind", "text", "first", "second"),
    [
        ("units", UNITS, (2, 0, 0), (0, 0, 2)),
        ("places", PLACES, (2, 0, 0), (0, 0, 2)),
        ("posts", POSTS, (3, 0, 0), (0, 0, 3)),
        ("teams", TEAMS, (2, 0, 0), (0, 0, 2)),
        ("volunteers", VOLUNTEERS, (1, 0, 1), (0, 0, 2)),
    ],
)
def test_a_dry_run_writes_nothing_and_a_second_import_changes_nothing(
    cast: Cast,
    now: datetime,
    kind: str,
    text: str,
    first: tuple[int, int, int],
    second: tuple[int, int, int],
) -> None:
    before = [m.objects.count() for m in (Unit, Place, Team, Person, Volunteer, Membership)]
    assert _counts(_run(kind, text, now, dry_run=True)) == first
    assert [m.objects.count() for m in (Unit, Place, Team, Person, Volunteer, Membership)] == before
    assert _counts(_run(kind, text, now)) == first
    assert _counts(_run(kind, text, now)) == second


def test_units_stand_under_their_parents_whatever_the_order(cast: Cast, now: datetime) -> None:
    _run("units", UNITS, now)
    card = queries.unit_by_code("370402009001")
    assert card is not None
    assert (card.parent_code, card.kind, card.aliases) == ("370402009", "community", ("老东", "东里"))
    changed = UNITS.replace("新镇,新", "更镇,更")
    assert _counts(_run("units", changed, now)) == (0, 1, 1)


def test_a_unit_is_not_cut_shorter_than_those_below_it(cast: Cast, now: datetime) -> None:
    row = "370402002,塔塔埠街道,street,370402,{start},{end}"
    heads = "编码,名称,类型,上级编码,起始日期,终止日期\n"
    late = _run("units", heads + row.format(start="2026-01-01", end=""), now)
    assert [(p.line, p.field) for p in late.problems] == [(2, "起始日期")] * 2
    short = _run("units", heads + row.format(start="2018-01-01", end="2026-01-01"), now)
    assert [(p.line, p.field) for p in short.problems] == [(2, "终止日期")] * 2


def test_places_teams_and_leaders_find_each_other(cast: Cast, now: datetime) -> None:
    _run("places", PLACES, now)
    assert Place.objects.get(code="S370402002001").parent == Place.objects.get(code="I370402002")
    assert _counts(_run("places", PLACES.replace("十电站", "十电新站"), now)) == (0, 1, 1)
    _run("teams", TEAMS, now)
    team = queries.team_by_code("T2")
    assert team is not None
    assert (team.field, team.skills, team.leader_name) == ("school", ("tutoring", "repair"), "丙*")
    assert _counts(_run("teams", TEAMS.replace("下队", "下新队"), now)) == (0, 1, 1)


def test_a_roster_keeps_who_held_what_when(cast: Cast, now: datetime) -> None:
    _run("posts", POSTS, now)
    before, after = datetime(2022, 5, 15).date(), datetime(2022, 5, 16).date()  # noqa: DTZ001 - days only
    assert queries.roster("370402", before, "领导小组")[0].holders == ("甲某某", "乙某某")
    assert [s.holders for s in queries.roster("370402", after, "领导小组")] == [("乙某某",), ("乙某某",)]
    changed = POSTS.replace("乙某某,,2020-12-01,", "乙某某,,2020-12-01,2023-01-01").replace(
        "组长", "第一组长"
    )
    assert _counts(_run("posts", changed, now)) == (0, 1, 2)


def test_volunteers_are_found_by_phone_and_only_changes_are_written(cast: Cast, now: datetime) -> None:
    assert _counts(_run("volunteers", VOLUNTEERS, now)) == (1, 0, 1)
    person = queries.person_by_phone("19900007004")
    assert person is not None
    card = queries.person_card(person)
    assert card is not None
    assert (card.name, card.idno, card.home_code) == ("丁女士", "1101**********002X", people.COMMUNITY)
    assert person in queries.members_of(cast.team_id, now)
    changed = VOLUNTEERS.replace("丁某", "丁某某").replace("repair、haircut", "repair")
    assert _counts(_run("volunteers", changed, now)) == (0, 2, 0)


BAD = {
    "units": """编码,名称,类型,上级编码,起始日期,排序,经度
370402009,,galaxy,370402,2020-13-01,x,117
37040300101,甲,社区,370402002,2020-12-01,1,
370402009,乙,town,999,,1,
""",
    "places": """code,kind,name,unit_code,parent_code,starts_on,lon,lat
S1,station,甲,370402002,X9,2020-12-01,117,
S1,castle,,999,,,200,34
""",
    "posts": """unit_code,code,title,person_name,person_phone,starts_on,ends_on
999,king,,,12,2020-12-01,2020-01-01
370402,group_leader,组长,甲,,,
""",
    "teams": """code,name,level,unit_code,leader_name,leader_phone,skills,parent_code,starts_on,capacity_per_day
T1,甲,galaxy,999,,19900007003,flying,T0,,0
T1,乙,station,370402002001,丙,,,,2020-12-01,3
T3,丙,station,370402002001,丙,123,,,2020-12-01,3
""",
    "volunteers": """姓名,手机,身份证号,单位编码,服务队编码,技能,注册日期
甲,123,123,999,T0,flying,x
,19900007009,,370402002001,,,
乙,19900007009,,370402002001,,,2021-01-01
""",
}
WRONG = {
    "units": "2名称 2类型 2起始日期 2排序 2纬度 3编码 4编码 4上级编码 4起始日期",
    "places": "2类型 2上级编码 2纬度 3编码 3类型 3名称 3单位编码 3起始日期 3经度",
    "posts": "2单位编码 2编码 2职务 2姓名 2手机 2终止日期 3起始日期",
    "teams": "2级别 2单位编码 2队长姓名 2技能 2上级编码 2起始日期 2日接单量 3编码 3队长手机 4队长手机",
    "volunteers": "2手机 2身份证号 2单位编码 2服务队编码 2技能 2注册日期 3姓名 3注册日期 4手机",
}
"""Line and column of what is wrong in each file."""


@pytest.mark.parametrize("kind", sorted(BAD))
def test_every_wrong_cell_is_named_with_its_line_and_nothing_is_written(
    cast: Cast, now: datetime, kind: str
) -> None:
    before = [m.objects.count() for m in (Unit, Place, Team, Person, Volunteer)]
    report = _run(kind, BAD[kind], now)
    assert {f"{p.line}{p.field}" for p in report.problems} >= set(WRONG[kind].split())
    assert all(p.reason and "{" not in p.reason for p in report.problems)
    assert [p.line for p in report.problems] == sorted(p.line for p in report.problems)
    assert [m.objects.count() for m in (Unit, Place, Team, Person, Volunteer)] == before


def test_an_id_number_of_somebody_else_is_refused(cast: Cast, now: datetime) -> None:
    _run("volunteers", VOLUNTEERS, now)
    report = _run("volunteers", VOLUNTEERS.replace("19900007004", "19900007005"), now)
    assert [(p.line, p.field) for p in report.problems] == [(2, "身份证号")]


@pytest.mark.parametrize(("kind", "text"), [("units", UNITS), ("places", PLACES), ("posts", POSTS), ("teams", TEAMS), ("volunteers", VOLUNTEERS)])  # fmt: skip # noqa: E501
def test_an_office_imports_into_its_own_units_only(
    cast: Cast, actor: ActorOf, now: datetime, kind: str, text: str
) -> None:
    elsewhere = Actor(person_id=cast["admin"].person_id, permissions={"import.run": ("999",)})
    report = _run(kind, text, now, by=elsewhere)
    assert "不在您管理的范围内" in {p.reason for p in report.problems}
    with pytest.raises(NotAllowed):
        _run(kind, text, now, by=actor("street_staff"))

"""SZ-06 and SZ-09: the place's own files make the tree 1 / 11 / 158, and the roster has two versions."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from huakai.config import env
from huakai.files import services as files
from huakai.registry import queries as registry
from huakai.registry.types import SYSTEM
from tests.cast import Cast

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
EXAMPLES = env.PROJECT_ROOT / "examples" / "shizhong"
BODY = "新时代文明实践中心建设工作领导小组"


def _import(kind: str, name: str) -> None:
    path: Path = EXAMPLES / name
    content = path.read_bytes()
    for expected_new in (True, False):
        report = files.run_import(kind=kind, content=content, name=name, dry_run=False, by=SYSTEM, now=NOW)
        assert report.problems == ()
        assert bool(report.created) is expected_new
    assert report.unchanged == report.rows


@pytest.fixture
def organisation(cast: Cast) -> None:
    """What the office hands in: units, places, posts, teams."""
    for kind, name in (
        ("units", "units.csv"),
        ("places", "places.csv"),
        ("posts", "posts.csv"),
        ("teams", "teams.csv"),
    ):
        _import(kind, name)


@pytest.mark.row("SZ-06")
@pytest.mark.usefixtures("organisation")
def test_the_tree_counts_one_centre_eleven_institutes_and_158_stations() -> None:
    levels = registry.level_counts("shizhong", "370402", NOW.date())
    assert [(n.title, n.count) for n in levels] == [("中心", 1), ("所", 11), ("站", 158)]
    before = registry.level_counts("shizhong", "370402", date(2020, 11, 30))
    assert [n.count for n in before] == [0, 0, 0]
    by_town = [
        registry.level_counts("shizhong", town.code, NOW.date())[2].count
        for town in registry.children_of("370402", ("town", "street"))
    ]
    assert len(by_town) == 11
    assert sum(by_town) == 158
    assert min(by_town) > 0


@pytest.mark.row("SZ-06")
@pytest.mark.usefixtures("organisation")
def test_the_roster_before_and_after_may_2022_are_two_versions() -> None:
    assert date(2022, 5, 16) in registry.roster_changes("370402", BODY)
    before = registry.roster("370402", date(2022, 5, 15), BODY)
    after = registry.roster("370402", date(2022, 5, 16), BODY)
    assert [s.title for s in before] == [s.title for s in after] == ["组长", "副组长", "成员"]
    leaders = [next(s.holders for s in seats if s.code == "group_leader") for seats in (before, after)]
    assert [len(holders) for holders in leaders] == [2, 2], "several group leaders at once"
    assert set(leaders[0]) & set(leaders[1]), "one stays"
    assert set(leaders[0]) != set(leaders[1]), "one changes"
    heads = [
        seat.holders
        for town in registry.children_of("370402", ("town", "street"))
        for seat in registry.roster(town.code, NOW.date())
        if seat.code == "institute_head"
    ]
    assert len(heads) == 11
    assert all(heads)


@pytest.mark.row("SZ-09")
@pytest.mark.usefixtures("organisation")
def test_790_station_teams_are_due_and_the_gap_is_shown() -> None:
    rows = {c.level: c for c in registry.compliance("shizhong", "370402", NOW.date())}
    assert (rows["district"].registered, rows["district"].due) == (18, 18)
    station = rows["station"]
    assert station.due == 158 * 5 == 790
    assert sum(c.registered for c in rows.values()) == 406 + 1, "and the cast's own team"
    assert station.gap == 790 - station.registered > 0
    assert station.short_places > 0

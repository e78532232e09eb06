"""Outlines from a GeoJSON file: every feature has its reason, all or nothing, and a day has one outline."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from huakai.files import services as files
from huakai.kernel.errors import NotAllowed, RuleBroken
from huakai.kernel.geo import Point, shifted
from huakai.kernel.ids import new_id
from huakai.kernel.imports import ImportReport
from huakai.registry import queries
from huakai.registry.models import AreaShape, Unit
from huakai.registry.types import SYSTEM, Actor
from tests import cast as people
from tests.factories.registry import make_unit
from tests.factories.shapes import collection, feature, square

pytestmark = pytest.mark.usefixtures("cast")
ActorOf = Callable[[str], Actor]


def _run(data: bytes, now: datetime, *, dry_run: bool = False, by: Actor = SYSTEM) -> ImportReport:
    return files.run_import(kind="shapes", content=data, name="a.geojson", dry_run=dry_run, by=by, now=now)


def _counts(report: ImportReport) -> tuple[int, int, int]:
    assert report.problems == ()
    return report.created, report.updated, report.unchanged


def test_outlines_are_read_written_once_and_found_again(now: datetime) -> None:
    data = collection(
        feature(people.STREET, square(117.50, 34.80, 0.04)),
        feature(people.COMMUNITY, square(117.51, 34.81), 来源="民政图"),
    )
    assert _counts(_run(data, now, dry_run=True)) == (2, 0, 0)
    assert not AreaShape.objects.exists()
    assert _counts(_run(data, now)) == (2, 0, 0)
    assert _counts(_run(data, now)) == (0, 0, 2)
    found = queries.unit_at(117.515, 34.815, now.date())
    assert found is not None
    assert found.code == people.COMMUNITY
    assert AreaShape.objects.get(unit__code=people.COMMUNITY).source == "民政图"


def test_a_new_outline_ends_the_open_one_before_it(now: datetime) -> None:
    first = feature(people.STREET, square(117.50, 34.80))
    second = feature(people.STREET, square(117.60, 34.80), "2026-02-01")
    _run(collection(first), now)
    assert _counts(_run(collection(second), now)) == (1, 0, 0)
    assert [s.ends_on for s in AreaShape.objects.order_by("starts_on")] == [date(2026, 2, 1), None]
    assert queries.code_at(117.505, 34.805, date(2026, 1, 31)) == people.STREET
    assert queries.code_at(117.505, 34.805, date(2026, 2, 1)) == ""
    assert queries.code_at(117.605, 34.805, date(2026, 2, 1)) == people.STREET
    assert _counts(_run(collection(second, first), now)) == (0, 0, 2)


BOW_TIE = {"type": "Polygon", "coordinates": [[[117, 34], [118, 35], [118, 34], [117, 35], [117, 34]]]}
SWAPPED = {"type": "Polygon", "coordinates": [[[34, 117], [35, 117], [35, 118], [34, 118], [34, 117]]]}
POINT = {"type": "Point", "coordinates": [117.5, 34.8]}
OPEN_RING = {"type": "Polygon", "coordinates": [[[117, 34], [118, 34]]]}
METRES = {"type": "Polygon", "coordinates": [[[5e5, 3e6], [6e5, 3e6], [6e5, 4e6], [5e5, 4e6], [5e5, 3e6]]]}


@pytest.mark.parametrize(
    ("each", "said"),
    [
        (feature("370402099", square(117.5, 34.8)), "没有编码为 370402099 的单位"),
        (feature("", square(117.5, 34.8)), "必填，不能空着"),
        (feature(people.STREET, BOW_TIE), "图形的边自己相交，位置 117.5 34.5，请在制图软件里修正"),
        (feature(people.STREET, SWAPPED), "经度和纬度写反了：GeoJSON 里经度在前，如 [117.56, 34.86]"),
        (feature(people.STREET, square(2.3, 48.8)), "图形不在中国范围内（2.3, 48.8），请检查坐标"),
        (feature(people.STREET, METRES), "坐标不是经纬度，像是以米为单位的投影坐标，请转换为 WGS-84 经纬度"),
        (feature(people.STREET, POINT), "图形应为 Polygon 或 MultiPolygon（面），不能是点或线"),
        (feature(people.STREET, None), "图形应为 Polygon 或 MultiPolygon（面），不能是点或线"),
        (
            feature(people.STREET, OPEN_RING),
            "图形的坐标读不出来：每个环至少要有四个 [经度, 纬度]，首尾相同",
        ),
        (feature(people.STREET, {"type": "Polygon", "coordinates": []}), "图形是空的"),
        (feature(people.STREET, square(117.5, 34.8), "昨天"), "日期“昨天”看不懂，请写成 2026-01-31"),
        (feature(people.STREET, square(117.5, 34.8), "2017-01-01"), "单位自 2018-01-01 起才有，图形不能更早"),
        (
            feature(people.STREET, square(117.5, 34.8), 终止日期="2020-12-01"),
            "终止日期要晚于起始日期",
        ),
    ],
)
def test_each_mistake_is_told_by_its_feature(each: dict[str, Any], said: str, now: datetime) -> None:
    good = feature(people.OTHER_STREET, square(117.7, 34.9))
    report = _run(collection(good, each), now)
    assert [(p.line, p.reason) for p in report.problems] == [(2, said)]
    assert not AreaShape.objects.exists()


def test_too_many_corners_are_to_be_simplified_first(now: datetime) -> None:
    ring = [[117 + n * 1e-5, 34.0] for n in range(20_000)] + [[117.1, 35.0], [117.0, 34.0]]
    report = _run(collection(feature(people.STREET, {"type": "Polygon", "coordinates": [ring]})), now)
    assert "不能超过 20000 个" in report.problems[0].reason


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "文件不是 GeoJSON（UTF-8 编码的 JSON）"),
        (b"[" * 100_000, "文件不是 GeoJSON（UTF-8 编码的 JSON）"),
        (b'{"type":"FeatureCollection","features":[{"a":NaN}]}', "文件不是 GeoJSON（UTF-8 编码的 JSON）"),
        (b'{"type":"Topology"}', "文件应是 GeoJSON 的 FeatureCollection，每个单位一个 Feature"),
        (collection(), "文件里没有 Feature"),
    ],
)
def test_a_file_that_is_no_geojson_is_refused_in_words(data: bytes, said: str, now: datetime) -> None:
    with pytest.raises(RuleBroken) as refused:
        _run(data, now)
    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", True),
        ("urn:ogc:def:crs:EPSG::4490", True),
        ("EPSG:4326", True),
        ("urn:ogc:def:crs:EPSG::4549", False),
        ("GCJ02", False),
    ],
)
def test_a_declared_datum_must_be_ours(name: str, taken: bool, now: datetime) -> None:
    data = collection(
        feature(people.STREET, square(117.5, 34.8)), crs={"type": "name", "properties": {"name": name}}
    )
    if taken:
        assert _run(data, now).accepted
        return
    with pytest.raises(RuleBroken, match="不是 WGS-84"):
        _run(data, now)


def test_outlines_drawn_on_a_shifted_map_are_told_by_the_known_points_of_their_units(now: datetime) -> None:
    features, straight = [], []
    for n in range(4):
        code = f"37040200400{n + 3}"
        make_unit(code)
        middle = Point(117.50 + n * 0.02, 34.80)
        Unit.objects.filter(code=code).update(lon=middle.lon, lat=middle.lat)
        there = shifted(middle)
        features.append(feature(code, square(there.lon - 0.002, there.lat - 0.002, 0.004)))
        straight.append(feature(code, square(middle.lon - 0.002, middle.lat - 0.002, 0.004)))
    report = _run(collection(*features), now)
    assert {p.line for p in report.problems} == {1, 2, 3, 4}
    assert "GCJ-02" in report.problems[0].reason
    # one imprecise point among sound ones says nothing about the file
    assert _run(collection(*straight[:3], features[3]), now).accepted


def test_two_outlines_of_a_unit_never_share_a_day(now: datetime) -> None:
    one = feature(people.STREET, square(117.50, 34.80), "2021-01-01", 终止日期="2023-01-01")
    other = feature(people.STREET, square(117.60, 34.80), "2022-01-01")
    report = _run(collection(one, other), now)
    assert [(p.line, p.reason) for p in report.problems] == [(2, "与 2021-01-01 起的图形时间重叠")]
    report = _run(collection(one, one), now)
    assert [(p.line, p.reason) for p in report.problems] == [(2, "与第 1 行重复")]
    _run(collection(feature(people.STREET, square(117.50, 34.80), "2024-01-01")), now)
    report = _run(collection(feature(people.STREET, square(117.60, 34.80), "2021-01-01")), now)
    assert [(p.line, p.reason) for p in report.problems] == [(1, "与 2024-01-01 起的图形时间重叠")]


@pytest.mark.parametrize(
    ("change", "guard"),
    [
        ({"starts_on": date(2021, 6, 1)}, "shape_no_overlap"),
        ({"starts_on": date(2021, 1, 1)}, "shape_once"),
        ({"starts_on": date(2023, 1, 1), "ends_on": date(2022, 1, 1)}, "shape_period|range lower bound"),
        ({"starts_on": date(2019, 1, 1), "ends_on": date(2020, 1, 1), "geometry": POINT}, "shape_geometry"),
        (
            {
                "starts_on": date(2019, 1, 1),
                "ends_on": date(2020, 1, 1),
                "geometry": {"type": "Polygon", "coordinates": [[[0.123456, 1]] * 200_000]},
            },
            "shape_size",
        ),
    ],
)
def test_the_table_refuses_what_code_would_let_through(
    change: dict[str, Any], guard: str, now: datetime
) -> None:
    unit = Unit.objects.get(code=people.STREET)
    first = {"unit": unit, "geometry": square(117.5, 34.8), "changed_at": now}
    AreaShape.objects.create(id=new_id(now), starts_on=date(2021, 1, 1), **first)
    with pytest.raises((IntegrityError, Exception), match=guard), transaction.atomic():
        AreaShape.objects.create(id=new_id(now), **(first | change))


def test_only_whoever_imports_for_the_area_may(actor: ActorOf, now: datetime) -> None:
    data = collection(feature(people.STREET, square(117.5, 34.8)))
    assert _run(data, now, by=actor("centre_staff")).accepted
    for role in ("street_staff", "resident", "stranger"):
        with pytest.raises(NotAllowed):
            _run(data, now, by=actor(role))
    make_unit("370403", kind="district")
    elsewhere = collection(feature("370403", square(117.5, 34.8)))
    assert _run(elsewhere, now, by=actor("centre_staff")).problems[0].reason == "不在您管理的范围内"


def test_the_import_page_asks_for_a_geojson_file(client_of: Callable[[str], Any]) -> None:
    page = client_of("centre_staff").get("/desk/import/?kind=shapes").content.decode()
    assert 'accept=".geojson,.json"' in page
    assert "FeatureCollection" in page
    assert "下载空白表格" not in page

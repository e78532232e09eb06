"""Publishing: numbered, hashed, unchangeable; the same files publish nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from huakai.audit import queries as audit
from huakai.audit.types import Subject
from huakai.kernel.errors import NotFound
from huakai.packs import queries, registry, services
from huakai.packs.definitions import CalendarYear
from huakai.packs.models import Edition
from huakai.packs.types import EditionView

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BY = UUID(int=5)
CALENDAR = registry.Section(CalendarYear)
HOURS = """schema_version: 1
code: hours
title: 时间
title_en: Hours
spans:
  - {opens: "08:30", closes: "12:00"}
"""


def _write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _manifest(code: str, *lines: str) -> str:
    return "\n".join(["schema_version: 1", f"code: {code}", "title: 包", "title_en: Pack", *lines, ""])


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    _write(tmp_path, "ground/pack.yaml", _manifest("ground"))
    _write(tmp_path, "ground/calendar/hours.yaml", HOURS)
    _write(tmp_path, "town/pack.yaml", _manifest("town", "requires: ground", 'root_code: "990101"'))
    queries.clear_caches()
    yield tmp_path
    queries.clear_caches()


def _publish(root: Path, code: str = "town") -> EditionView:
    return services.publish(pack_code=code, root=root, by=BY, now=NOW)


def test_publishing_stores_the_effective_files_and_the_base_before_them(root: Path) -> None:
    edition = _publish(root)
    assert (edition.number, edition.base_number, edition.root_code, edition.pack_code) == (
        1,
        1,
        "990101",
        "town",
    )
    assert edition.get("calendar", "hours").spans[0].closes.hour == 12
    assert queries.current("town") is edition
    assert queries.current("ground").number == 1
    (event,) = audit.history(Subject("pack", "town"))
    assert (event.name, event.actor_id, event.edition_id) == ("pack.published", BY, edition.id)
    assert event.after["changed_files"] == ["calendar/hours.yaml", "pack.yaml"]


def test_the_same_files_publish_nothing(root: Path) -> None:
    first = _publish(root)
    _write(root, "town/pack.yaml", "# a remark\n" + (root / "town/pack.yaml").read_text(encoding="utf-8"))
    assert _publish(root).id == first.id
    assert Edition.objects.filter(pack_code="town").count() == 1
    assert len(audit.history(Subject("pack", "town"))) == 1


def test_a_change_makes_the_next_edition_and_the_old_one_stays(root: Path) -> None:
    first = _publish(root)
    _write(root, "town/calendar/hours.yaml", HOURS.replace("12:00", "11:30"))
    (change,) = queries.diff("town", root)
    assert (change.file, change.path, change.before, change.after) == (
        "calendar/hours.yaml",
        "spans.0.closes",
        "12:00",
        "11:30",
    )
    second = _publish(root)
    assert (second.number, queries.current("town").id) == (2, second.id)
    assert queries.edition(first.id).get("calendar", "hours").spans[0].closes.hour == 12
    assert [row.number for row in queries.edition_rows("town")] == [2, 1]
    assert len(queries.diff_of_editions(first.id, second.id)) == 1
    assert queries.current("ground").number == 1, "the base did not change"


def test_back_to_old_content_is_a_new_edition(root: Path) -> None:
    _publish(root)
    _write(root, "town/calendar/hours.yaml", HOURS.replace("12:00", "11:30"))
    _publish(root)
    (root / "town/calendar/hours.yaml").unlink()
    assert _publish(root).number == 3


def test_a_pack_with_errors_is_not_published(root: Path) -> None:
    _write(root, "town/calendar/hours.yaml", HOURS + "size: 3\n")
    with pytest.raises(services.PackHasProblems) as refused:
        _publish(root)
    (problem,) = refused.value.problems
    assert (problem.file, problem.line, problem.path) == ("town/calendar/hours.yaml", 7, "size")
    assert not Edition.objects.filter(pack_code="town").exists()


@pytest.mark.parametrize(
    ("name", "text", "file", "line", "path"),
    [
        ("town/pack.yaml", _manifest("city", "requires: ground"), "town/pack.yaml", 2, "code"),
        ("town/pack.yaml", _manifest("town", "requires: nothing"), "town/pack.yaml", 5, "requires"),
        ("town/calendar/hours.yml", HOURS, "town/calendar/hours.yml", 1, ""),
        ("town/a/b/c.yaml", HOURS, "town/a/b/c.yaml", 1, ""),
        ("bare/calendar/hours.yaml", HOURS, "bare/pack.yaml", 1, ""),
        ("town/calendar/hours.yaml", "a: [\n", "town/calendar/hours.yaml", 2, ""),
        (
            "town/calendar/hours.yaml",
            HOURS + '  - {opens: "11:00", closes: "13:00"}\n',
            "town/calendar/hours.yaml",
            5,
            "spans",
        ),
    ],
)
def test_check_names_file_line_and_path(
    root: Path, name: str, text: str, file: str, line: int, path: str
) -> None:
    _write(root, name, text)
    assert (file, line, path) in {(each.file, each.line, each.path) for each in queries.check(root)}


def test_check_is_silent_about_a_sound_pack_and_reads_foreign_bytes_politely(root: Path) -> None:
    assert queries.check(root) == []
    (root / "town/calendar").mkdir()
    (root / "town/calendar/hours.yaml").write_bytes("编码".encode("gb18030"))
    (problem,) = queries.check(root)
    assert "UTF-8" in problem.message


@pytest.mark.parametrize("statement", ["UPDATE packs_edition SET number = 9", "DELETE FROM packs_edition"])
def test_an_edition_refuses_to_change(root: Path, statement: str) -> None:
    _publish(root)
    with (
        pytest.raises(IntegrityError, match="never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_two_editions_cannot_share_a_number(root: Path) -> None:
    stands = Edition.objects.get(pk=_publish(root).id)
    stands.pk = UUID(int=9)
    with pytest.raises(IntegrityError, match="edition_number"), transaction.atomic():
        stands.save(force_insert=True)
    stands.number, stands.hash = 7, "not a hash"
    with pytest.raises(IntegrityError, match="edition_hash"), transaction.atomic():
        stands.save(force_insert=True)
    stands.number, stands.hash = 0, "0" * 64
    with pytest.raises(IntegrityError, match="edition_from_one"), transaction.atomic():
        stands.save(force_insert=True)


def test_an_area_has_the_pack_with_the_longest_root(root: Path) -> None:
    _write(root, "village/pack.yaml", _manifest("village", "requires: ground", 'root_code: "990101007"'))
    _publish(root)
    _publish(root, "village")
    assert queries.pack_of("990101007001") == "village"
    assert queries.pack_of("990101") == "town"


def test_what_was_never_published_is_not_found(root: Path) -> None:
    with pytest.raises(NotFound):
        queries.current("town")
    with pytest.raises(NotFound):
        queries.edition(UUID(int=1))
    assert queries.edition_rows("town") == []


def test_without_any_place_no_area_has_a_pack(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "published_places", list)
    with pytest.raises(NotFound, match="任何地方"):
        queries.pack_of("990101")


def test_an_edition_its_models_no_longer_read_is_a_loud_failure(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = _publish(root)
    queries.clear_caches()
    monkeypatch.setattr(registry, "_sections", registry._sections | {("calendar", "hours"): CALENDAR})
    with pytest.raises(ValueError, match="no longer reads"):
        queries.edition(edition.id)


def test_the_current_edition_is_looked_up_at_most_every_two_seconds(
    root: Path, django_assert_num_queries: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    _publish(root)
    queries.current("town")
    with django_assert_num_queries(0):  # type: ignore[operator]
        queries.current("town")
    monkeypatch.setattr(queries, "RECHECK_SECONDS", 0.0)
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.current("town")


def test_the_working_calendar_comes_from_the_edition(root: Path) -> None:
    edition = _publish(root)
    calendar = queries.work_calendar(edition)
    assert calendar.hours.length.total_seconds() == 3.5 * 3600
    assert queries.work_calendar(edition) is calendar

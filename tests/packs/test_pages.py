"""Pages for reading packs: who may sees editions, files and changes."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from huakai.packs import queries, services
from huakai.packs.pages import _may_see
from huakai.packs.types import EditionView
from tests import cast as people

pytestmark = pytest.mark.django_db
ClientOf = Callable[[str], Client]


@pytest.fixture
def second(shizhong: EditionView, tmp_path: Path) -> Iterator[EditionView]:
    """A second edition with other office hours."""
    root = tmp_path / "packs"
    shutil.copytree(settings.PACKS_ROOT, root)
    hours = (root / "base/calendar/hours.yaml").read_text(encoding="utf-8").replace("08:30", "09:00")
    (root / "shizhong/calendar").mkdir()
    (root / "shizhong/calendar/hours.yaml").write_text(hours, encoding="utf-8")
    edition = services.publish(pack_code="shizhong", root=root, by=None, now=people.NOW)
    queries.forget_current()
    yield edition
    queries.clear_caches()


def test_the_list_marks_the_current_edition(client_of: ClientOf, second: EditionView) -> None:
    answer = client_of("admin").get("/desk/packs/")
    mine = [line for line in answer.context["lines"] if line.row.pack_code == "shizhong"]
    assert [(line.row.number, line.is_current) for line in mine] == [(2, True), (1, False)]
    assert "枣庄市市中区" in answer.content.decode()


def test_a_file_of_an_edition_is_shown_as_written(client_of: ClientOf, second: EditionView) -> None:
    admin = client_of("admin")
    page = admin.get(f"/desk/packs/{second.id}/", {"file": "calendar/hours.yaml"}).content.decode()
    assert "schema_version: 1\ncode: hours" in page
    assert "- opens: 09:00\n  closes:" in page
    assert "选一个文件看它的内容" in admin.get(f"/desk/packs/{second.id}/").content.decode()
    assert admin.get(f"/desk/packs/{second.id}/", {"file": "../secrets"}).status_code == 404


def test_changes_between_editions_are_listed(
    client_of: ClientOf, shizhong: EditionView, second: EditionView
) -> None:
    page = client_of("admin").get(f"/desk/packs/{second.id}/since/{shizhong.id}/").content.decode()
    assert "spans.0.opens" in page
    assert "08:30" in page
    same = client_of("admin").get(f"/desk/packs/{second.id}/since/{second.id}/").content.decode()
    assert "两版内容相同" in same


def test_others_are_refused(client_of: ClientOf, client: Client, shizhong: EditionView) -> None:
    for role in ("resident", "street_staff"):
        assert client_of(role).get("/desk/packs/").status_code == 403
    assert client.get("/desk/packs/").status_code == 302
    unknown = "00000000-0000-7000-8000-000000000000"
    assert client_of("admin").get(f"/desk/packs/{unknown}/").status_code == 404


@pytest.mark.parametrize(
    ("root", "prefixes", "seen"),
    [
        ("", (), True),
        ("370402", ("370402",), True),
        ("370402", ("370402002",), True),
        ("370402", ("",), True),
        ("140213", ("370402",), False),
        ("370402", (), False),
    ],
)
def test_a_place_sees_its_own_pack_and_the_base(root: str, prefixes: tuple[str, ...], seen: bool) -> None:
    assert _may_see(root, prefixes) is seen

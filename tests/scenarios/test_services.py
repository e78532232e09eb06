"""The demo loads through the front doors, once, and leaves something in every state."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django.fixtures import Settings

from huakai.audit import queries as audit
from huakai.audit.types import EventFilter
from huakai.cases import queries as cases
from huakai.cases.types import CaseFilter
from huakai.registry import queries as registry
from huakai.registry.types import SYSTEM, Actor
from huakai.scenarios import queries, services
from tests import cast as people
from tests.architecture.checks import ROOT
from tests.cast import Cast

EXAMPLE = ROOT / "examples/shizhong"


def quiet(label: str, done: int, total: int) -> None:
    """No progress in a test."""


@pytest.fixture(autouse=True)
def own_home(settings: Settings, tmp_path: Path) -> None:
    """Addresses of walls go into a folder of the test."""
    settings.FILES_ROOT = tmp_path / "home/files"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The example with the first rows of its long files."""
    folder = tmp_path / "shizhong"
    shutil.copytree(EXAMPLE, folder)
    units = folder / "units.csv"  # the cast's own units began earlier
    units.write_text(
        units.read_text(encoding="utf-8-sig").replace("2020-12-01", "2018-01-01"), encoding="utf-8"
    )
    _first_lines(folder / "teams.csv", 120, also=",370402002")
    for name, rows in (("volunteers.xlsx", 120), ("demands.xlsx", 40)):
        book = load_workbook(folder / name)
        book.worksheets[0].delete_rows(rows + 2, 5000)
        book.save(folder / name)
    return folder


def _first_lines(path: Path, count: int, *, also: str) -> None:
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    kept = lines[: count + 1] + [line for line in lines[count + 1 :] if also in line]
    path.write_text("\n".join(kept), encoding="utf-8-sig")


@pytest.mark.django_db
def test_the_demo_loads_once_and_plays_a_month(
    cast: Cast, small: Path, actor: Callable[[str], Actor]
) -> None:
    report = services.load_demo(root=small, now=people.NOW, progress=quiet)
    assert report.cases == 40
    assert report.moves > 60
    statuses = {row.status for row in cases.case_list(SYSTEM, CaseFilter(), now=people.NOW, limit=100).rows}
    assert {"open", "closed"} <= statuses
    names = set(audit.event_names())
    assert {"case.accepted", "case.closed", "case.rated", "ledger.posted", "board.published"} <= names
    pages = [screen.page for screen in queries.demo_screens()]
    assert [Client().get(page).status_code for page in pages] == [200, 200]
    assert queries.screens_file().stat().st_mode & 0o077 == 0
    before = audit.events_page(EventFilter(), limit=1).events[0].seq
    again = services.load_demo(root=small, now=people.NOW, progress=quiet)
    assert (again.steps, again.cases, again.moves) == ((), 0, 0)
    assert audit.events_page(EventFilter(), limit=1).events[0].seq == before


@pytest.mark.django_db
def test_a_load_that_was_killed_goes_on_where_it_stopped(
    cast: Cast, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("huakai.scenarios.services.month.plan", _killed)
        with pytest.raises(KeyboardInterrupt):
            services.load_demo(root=small, now=people.NOW, progress=quiet)
    report = services.load_demo(root=small, now=people.NOW, progress=quiet)
    assert "import:units" not in report.steps
    assert "finished" in report.steps
    assert registry.unit_by_code("370402104") is not None


def _killed(*args: object) -> None:
    raise KeyboardInterrupt

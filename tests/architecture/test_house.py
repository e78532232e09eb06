"""The house stands as docs/map.md says; each check is first shown something it must refuse."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.db import models
from pydantic import BaseModel

from huakai.config.env import Env
from tests.architecture import checks
from tests.architecture.exceptions import LONG_FILES, NO_TEST_YET, TESTS_WITHOUT_SOURCE

ENGINES = [p for p in sorted(checks.SOURCE.iterdir()) if p.is_dir() and p.name not in checks.WITHOUT_ROOMS]


def names_of(folder: Path) -> list[str]:
    """Modules and folders in a floor, by stem."""
    return [p.stem for p in folder.iterdir() if p.name != "__pycache__" and (p.suffix == ".py" or p.is_dir())]


def test_a_new_file_kind_is_refused_until_somebody_places_it() -> None:
    assert checks.misplaced_files("cases", ["models", "helpers", "access"]) == [
        "cases/access",
        "cases/helpers",
    ]
    found = [
        line
        for e in ENGINES
        if e.name != "__pycache__"
        for line in checks.misplaced_files(e.name, names_of(e))
    ]
    assert found == []


def test_floors_without_rooms_name_their_modules_on_the_map() -> None:
    assert checks.without_a_map_entry("kernel", ["ids", "odd"], "`kernel/ids.py`") == ["kernel/odd"]
    map_text = (checks.ROOT / "docs/map.md").read_text(encoding="utf-8")
    for floor in sorted(checks.WITHOUT_ROOMS):
        names = [p.stem for p in (checks.SOURCE / floor).glob("*.py") if p.stem != "__init__"]
        assert checks.without_a_map_entry(floor, names, map_text) == []


def test_no_file_grows_past_the_stop() -> None:
    assert checks.oversized({"a.py": 601, "b.py": 10}, 600, {"b.py": "why"}) == [
        "a.py: 601 lines",
        "b.py: exception not needed",
    ]
    files = checks.python_files(checks.ROOT / "src") + checks.python_files(checks.TESTS)
    files = [path for path in files if path.parent.name != "migrations"]  # written by makemigrations
    lines = {str(p.relative_to(checks.ROOT)): len(p.read_text(encoding="utf-8").splitlines()) for p in files}
    assert checks.oversized(lines, 400, LONG_FILES) == []


def sources() -> set[str]:
    """`floor/room` of every source file or room folder, `floor/room/noun` inside folders."""
    found = set()
    for path in checks.python_files(checks.SOURCE):
        parts = path.relative_to(checks.SOURCE).with_suffix("").parts
        found |= {"/".join(parts[:n]) for n in range(2, len(parts) + 1)}
    return {name for name in found if not name.endswith("__init__")}


def mirrored_names() -> set[str]:
    """The same names, read from tests/<floor>/test_<room>.py and tests/<floor>/<room>/test_<noun>.py."""
    found = set()
    for floor in checks.SOURCE.iterdir():
        for path in (
            checks.python_files(checks.TESTS / floor.name) if (checks.TESTS / floor.name).is_dir() else []
        ):
            parts = path.relative_to(checks.TESTS).with_suffix("").parts
            if parts[-1].startswith("test_"):
                found.add("/".join((*parts[:-1], parts[-1].removeprefix("test_"))))
    return found


def test_tests_mirror_sources() -> None:
    assert checks.mirror_gaps(["cases/rules", "cases/stuff"], ["cases/rules"], []) == ["cases/stuff"]
    assert checks.mirror_gaps(mirrored_names(), sources(), TESTS_WITHOUT_SOURCE) == []


def test_rooms_that_decide_or_write_have_tests() -> None:
    assert checks.untested_rooms(["cases/rules", "cases/models"], [], []) == ["cases/rules"]
    assert checks.untested_rooms(["cases/rules"], ["cases/rules"], ["cases/rules"]) == [
        "cases/rules: excuse not needed"
    ]
    tested = {"/".join(name.split("/")[:2]) for name in mirrored_names()}
    rooms = {
        name for name in sources() if name.count("/") == 1 and name.split("/")[0] not in {"config", "web"}
    }
    assert checks.untested_rooms(rooms, tested, NO_TEST_YET) == []


def keys() -> list[tuple[str, str, str, str]]:
    """Every foreign key of our tables: name, floor, target's floor, what is wrong with it."""
    found = []
    for model in apps.get_models():
        if not model.__module__.startswith("huakai."):
            continue
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey):
                continue
            related = field.related_model
            assert isinstance(related, type)
            assert issubclass(related, models.Model)
            remote = field.remote_field
            trouble = "" if remote.on_delete is models.PROTECT else "on_delete is not PROTECT"
            trouble = trouble or ("" if remote.related_name == "+" else "related_name is not '+'")
            name = f"{model._meta.label}.{field.name}"
            found.append((name, model._meta.app_label, related._meta.app_label, trouble))
    return found


def test_foreign_keys_point_down_and_protect() -> None:
    assert checks.upward_keys([("a.B.c", "packs", "cases", "x")], ["cases", "packs"]) == [
        "a.B.c points up to cases",
        "a.B.c: x",
    ]
    floors = [name.split(".")[-1] for name in settings.FLOORS]
    found = keys()
    assert len(found) > 10
    assert checks.upward_keys(found, floors) == []


def test_every_table_stands_in_the_glossary() -> None:
    assert checks.unnamed_tables(["AuditHead", "Odd"], "`audit_head`") == ["Odd"]
    words = (checks.ROOT / "docs/words.md").read_text(encoding="utf-8")
    ours = [model.__name__ for model in apps.get_models() if model.__module__.startswith("huakai.")]
    assert checks.unnamed_tables(ours, words) == []


def test_only_the_edge_reads_the_clock() -> None:
    assert checks.clock_reads("from datetime import datetime\nx = datetime.now()\n") == [2]
    assert checks.clock_reads("x = connection.now()") == []
    edge = {"kernel/clock.py", "web/middleware.py"}
    for path in checks.python_files(checks.SOURCE):
        name = str(path.relative_to(checks.SOURCE))
        if name not in edge and not name.startswith("config/"):
            assert checks.clock_reads(path.read_text(encoding="utf-8")) == [], name


def test_no_machine_leaves_its_traces() -> None:
    assert checks.machine_traces("see /home/anna/x and https://pypi.org/simple") == [
        "/home/anna",
        "https://pypi.org/simple",
    ]
    listed = subprocess.run(
        ["git", "ls-files"], cwd=checks.ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    for name in listed:
        path = checks.ROOT / name
        if path.suffix in {".png", ".xlsx", ".jpg", ".woff2"} or name.startswith("tests/architecture/"):
            continue
        if path.is_file():
            assert checks.machine_traces(path.read_text(encoding="utf-8")) == [], name


def pack_names() -> set[str]:
    """What the shipped packs and the example call things: places, flowers, groups, companies."""
    seeds = yaml.safe_load((checks.ROOT / "examples/seeds/units.yaml").read_text(encoding="utf-8"))
    areas = (
        {a["name"] for a in seeds["areas"]} | {c["name"] for c in seeds["companies"]} | set(seeds["bases"])
    )
    taxonomies = yaml.safe_load(
        (checks.ROOT / "packs/shizhong/registry/taxonomies.yaml").read_text(encoding="utf-8")
    )
    flowers = {t["title"] for taxonomy in taxonomies["taxonomies"] for t in taxonomy["terms"]}
    return areas | flowers | {"市中区", "枣庄", "花开市中", "三比三亮", "融e通", "平城"}


def test_no_place_is_named_in_code() -> None:
    assert checks.names_in_code("给长寿花队", ["长寿花", "百合花"]) == ["长寿花"]
    names = pack_names()
    for path in checks.python_files(checks.SOURCE):
        if path.relative_to(checks.SOURCE).parts[0] != "scenarios":  # it replays one named place's figures
            assert checks.names_in_code(path.read_text(encoding="utf-8"), names) == [], path
    for path in checks.SOURCE.rglob("*.html"):
        assert checks.names_in_code(path.read_text(encoding="utf-8"), names) == [], path


def test_the_environment_sample_lists_what_is_read() -> None:
    assert checks.env_gaps(["port"], "HUAKAI_POTR=1\n") == ["missing HUAKAI_PORT", "unknown HUAKAI_POTR"]
    assert issubclass(Env, BaseModel)
    sample = (checks.ROOT / "dotenv.sample").read_text(encoding="utf-8")
    assert checks.env_gaps(Env.model_fields, sample) == []


def test_row_markers_name_rows_that_exist() -> None:
    assert checks.unknown_rows(["SZ-12", "SZ-99"], ["SZ-12"]) == ["SZ-99"]
    rows = [
        line.split("|")[1].strip()
        for line in (checks.ROOT / "docs/rows.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and "-" in line.split("|")[1]
    ]
    ids = [row for row in rows if row[:2].isupper()]
    assert len(ids) == len(set(ids)) == 161
    marked = [
        row
        for path in checks.python_files(checks.TESTS)
        if "architecture" not in path.parts
        for row in checks.marked_rows(path.read_text(encoding="utf-8"))
    ]
    assert checks.unknown_rows(marked, ids) == []


def test_a_row_called_built_has_a_test_that_names_it() -> None:
    assert checks.unproven_rows({"SZ-12": "built", "SZ-14": "ahead"}, []) == ["SZ-12"]
    states = {
        cells[1].strip(): cells[4].strip()
        for line in (checks.ROOT / "docs/rows.md").read_text(encoding="utf-8").splitlines()
        if len(cells := line.split("|")) > 5
    }
    marked = [
        row
        for path in checks.python_files(checks.TESTS)
        if "architecture" not in path.parts
        for row in checks.marked_rows(path.read_text(encoding="utf-8"))
    ]
    assert checks.unproven_rows(states, marked) == []


def test_every_guarded_table_has_its_guards_in_a_migration() -> None:
    for floor in ("audit", "ledger", "packs"):
        scripts = list((checks.SOURCE / floor / "migrations").glob("*.sql"))
        text = "".join(path.read_text(encoding="utf-8").upper() for path in scripts)
        assert "CREATE TRIGGER" in text or "CREATE CONSTRAINT TRIGGER" in text, floor


@pytest.mark.parametrize("language", ["en"])
def test_import_contracts_hold(language: str) -> None:
    """The same as `lint-imports`; kept here so that one command shows every break."""
    run = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=checks.ROOT,
        env={"PYTHONPATH": f"{checks.ROOT / 'src'}:{checks.ROOT}", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-2000:]

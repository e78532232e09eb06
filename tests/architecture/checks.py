"""The checkers: pure functions from what they are shown to a list of complaints. Empty means well."""

import ast
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/huakai"
TESTS = ROOT / "tests"

ROOMS = frozenset(
    {"apps", "urls", "pages", "api", "tasks", "handlers", "admin", "imports", "services", "queries", "client"}
    | {"models", "rules", "solver", "forms", "definitions", "events", "problem", "types"}
)
OWN_ROOMS = {"registry": {"access"}, "packs": {"registry"}, "scenarios": {"figures"}}
FOLDERS = frozenset({"templates", "static", "migrations", "locale", "templatetags"})
WITHOUT_ROOMS = frozenset({"kernel", "web", "config"})
"""Floors without tables of their own: their module names are listed in docs/map.md instead."""


def misplaced_files(floor: str, names: Iterable[str]) -> list[str]:
    """Names in an engine's folder that are no room and no known folder."""
    allowed = ROOMS | FOLDERS | OWN_ROOMS.get(floor, set()) | {"__init__"}
    return sorted(f"{floor}/{name}" for name in names if name not in allowed)


def without_a_map_entry(floor: str, names: Iterable[str], map_text: str) -> list[str]:
    """Modules of a floor without rooms that docs/map.md does not name."""
    return sorted(f"{floor}/{name}" for name in names if f"`{floor}/{name}.py`" not in map_text)


def oversized(lines_of: Mapping[str, int], stop: int, exceptions: Mapping[str, str]) -> list[str]:
    """Files longer than the stop, and exceptions that are no longer needed."""
    too_long = [f"{name}: {count} lines" for name, count in lines_of.items() if count > stop]
    stale = [f"{name}: exception not needed" for name in exceptions if lines_of.get(name, 0) <= stop]
    return sorted([line for line in too_long if line.split(":")[0] not in exceptions] + stale)


def mirror_gaps(tested: Iterable[str], sources: Iterable[str], extras: Iterable[str]) -> list[str]:
    """Test files that mirror no source file (`floor/room`), apart from the listed extras."""
    known = set(sources) | set(extras)
    return sorted(name for name in tested if name not in known)


def untested_rooms(sources: Iterable[str], tested: Iterable[str], excused: Iterable[str]) -> list[str]:
    """Rooms that decide or write, without a test file; and excuses that are no longer needed."""
    done, forgiven = set(tested), set(excused)
    biting = {
        s for s in sources if s.split("/")[1] in {"rules", "services", "pages", "api", "imports", "solver"}
    }
    missing = sorted(biting - done - forgiven)
    return missing + sorted(f"{name}: excuse not needed" for name in forgiven & done)


def upward_keys(keys: Iterable[tuple[str, str, str, str]], floors: list[str]) -> list[str]:
    """Foreign keys (owner.field, owner floor, target floor, trouble) that point upward or sideways."""
    place = {floor: index for index, floor in enumerate(floors)}
    complaints = []
    for name, owner, target, trouble in keys:
        if target in place and place[target] < place[owner]:
            complaints.append(f"{name} points up to {target}")
        if trouble:
            complaints.append(f"{name}: {trouble}")
    return sorted(complaints)


def unnamed_tables(models: Iterable[str], words: str) -> list[str]:
    """Tables whose name the glossary does not hold."""
    return sorted(name for name in models if f"`{re.sub('(?<!^)(?=[A-Z])', '_', name).lower()}`" not in words)


def clock_reads(source: str) -> list[int]:
    """Lines that read the clock themselves (`now()`, `today()`, `time.time()`)."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner, name = ast.unparse(node.func.value), node.func.attr
        if (
            name in {"now", "utcnow", "today"} and owner.split(".")[-1] in {"datetime", "date", "timezone"}
        ) or (owner == "time" and name == "time"):
            lines.append(node.lineno)
    return lines


_SECRET_PLACES = re.compile(
    r"(/home/\w+|/Users/\w+|/root/|/work/(?:main|scratch|shared)|[A-Z]:\\\\Users"
    r"|https?://(?:pypi|files\.pythonhosted|registry\.npm|mirrors?\.)[\w./-]*)"
)


def machine_traces(text: str) -> list[str]:
    """Paths of one machine and addresses of package indexes."""
    return _SECRET_PLACES.findall(text)


def names_in_code(text: str, names: Iterable[str]) -> list[str]:
    """Names of places, flowers and bodies that belong in packs."""
    return sorted(name for name in names if name in text)


def env_gaps(fields: Iterable[str], sample: str) -> list[str]:
    """Keys the platform reads and dotenv.sample lacks, and the other way round."""
    wanted = {f"HUAKAI_{name.upper()}" for name in fields}
    found = set(re.findall(r"^#?\s*(HUAKAI_[A-Z0-9_]+)=", sample, flags=re.M))
    return sorted([f"missing {k}" for k in wanted - found] + [f"unknown {k}" for k in found - wanted])


def unknown_rows(marked: Iterable[str], listed: Iterable[str]) -> list[str]:
    """Requirement rows named by a marker and not in docs/rows.md."""
    return sorted(set(marked) - set(listed))


def unproven_rows(states: Mapping[str, str], marked: Iterable[str]) -> list[str]:
    """Rows said to be built, or built in part, that no test names."""
    return sorted({row for row, state in states.items() if state in {"built", "part"}} - set(marked))


def marked_rows(source: str) -> list[str]:
    """Arguments of `@pytest.mark.row(…)`."""
    return re.findall(r"mark\.row\(\s*[\"']([^\"']+)[\"']", source)


def python_files(root: Path) -> list[Path]:
    """Every Python file below, without caches."""
    return sorted(p for p in root.rglob("*.py") if "__pycache__" not in p.parts)

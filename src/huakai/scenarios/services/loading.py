"""Loads the demo step by step; a step and the note that it is done commit together, so a killed load continues."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.db import transaction

from huakai.audit import queries as audit
from huakai.audit import services as record
from huakai.audit.types import Fact, Subject
from huakai.cases import queries as cases
from huakai.files import services as files
from huakai.kernel.clock import CHINA
from huakai.kernel.errors import RuleBroken
from huakai.kernel.imports import ImportReport
from huakai.packs import queries as packs
from huakai.registry.types import SYSTEM, Actor
from huakai.scenarios import queries, rules
from huakai.scenarios.services import boards, cast, month, screens
from huakai.scenarios.types import DemoReport, Progress

STEP_DONE = "scenario.step_done"
OFFICE_FILES = (
    ("units", "units.csv"),
    ("places", "places.csv"),
    ("posts", "posts.csv"),
    ("teams", "teams.csv"),
    ("volunteers", "volunteers.xlsx"),
)
DEMANDS = "demands.xlsx"
FIGURES = "figures-1-2月.xlsx"
SETTLED = timedelta(days=40)
"""Accounts and appointments of the demo began this long before its month."""


class _Load:
    """One load: what is done already, and how to do and note a step."""

    def __init__(self, root: Path, now: datetime, progress: Progress) -> None:
        self.root, self.now, self.progress = root, now, progress
        self.subject = Subject("scenario", root.name)
        self.done = {str(event.after["step"]): event for event in audit.history(self.subject)}
        self.fresh: list[str] = []

    def step(self, name: str, work: Callable[[], dict[str, object] | None]) -> None:
        """Do the step once, in one transaction with its note."""
        if name in self.done:
            return
        with transaction.atomic():
            after = {"step": name, **(work() or {})}
            record.record(Fact(name=STEP_DONE, subject=self.subject, at=self.now, after=after))
        self.fresh.append(name)


def load_demo(*, root: Path, now: datetime, progress: Progress) -> DemoReport:
    """Import the files of `root`, make accounts, play the month, publish the board. A second load changes nothing.

    Reactions to what happened (fresh proposals for waiting orders) are the worker's, as in life.
    """
    load = _Load(root, now, progress)
    script = queries.script_of(root)
    if "finished" in load.done:
        if not queries.screens_file().exists():
            screens.put_up(script, packs.pack_of(script.district), now)
        return DemoReport((), 0, 0)
    base = now - timedelta(days=31) - SETTLED
    for at, (kind, name) in enumerate(OFFICE_FILES):
        progress(name, at, len(OFFICE_FILES))
        load.step(f"import:{kind}", partial(_import, kind, root / name, base))
    menu = cases.menu(packs.pack_of(script.district))
    units = sorted({month.unit_for(script, menu, category) for category in menu.categories})
    load.step("accounts", lambda: cast.make_accounts(script, base))
    load.step("handlers", lambda: cast.make_handlers(script, units, base))
    people = cast.cast_of(script, units, now)
    load.step("demands", lambda: _demands(root / DEMANDS, people.dispatcher, now))
    played = month.Month(script, people, menu, seed=root.name)
    count = month.plan(played, _until(load))
    _play(load, played)
    load.step(
        "board", lambda: boards.publish_board(script, root / FIGURES, packs.pack_of(script.district), now)
    )
    load.step("screens", lambda: screens.put_up(script, packs.pack_of(script.district), now))
    load.step("finished", lambda: None)
    return DemoReport(tuple(load.fresh), count, played.moves)


def _until(load: _Load) -> datetime:
    """A continued load ends the month where the first one meant to."""
    first = load.done.get("demands")
    return first.at if first else load.now


def _import(kind: str, path: Path, now: datetime) -> dict[str, object]:
    report = files.run_import(
        kind=kind, content=path.read_bytes(), name=path.name, dry_run=False, by=SYSTEM, now=now
    )
    return _accepted(report, path)


def _accepted(report: ImportReport, path: Path) -> dict[str, object]:
    if report.problems:
        first = report.problems[0]
        raise RuleBroken("demo_import", f"{path.name}:{first.line} {first.field} {first.reason}")
    return {"created": report.created}


def _demands(path: Path, by: Actor, now: datetime) -> dict[str, object]:
    """The month's orders and demands, moved by whole days so that the last of them came in today."""
    importer = files.importer_of("demands")
    table = files.read_table(path, path.name, importer.columns)
    moments = {
        line: datetime.fromisoformat(row["opened_at"]).replace(tzinfo=CHINA) for line, row in table.rows
    }
    shift = timedelta(days=rules.days_to_shift(max(moments.values()), now))
    rows = tuple(
        (line, {**row, "opened_at": (moments[line] + shift).strftime("%Y-%m-%d %H:%M")})
        for line, row in table.rows
    )
    moved = replace(table, rows=rows)
    report = importer.run(table=moved, dry_run=False, by=by, now=now, progress=None)
    return {**_accepted(report, path), "shifted_days": shift.days}


def _play(load: _Load, played: month.Month) -> None:
    days = list(played.days())
    for at, (day, pairs) in enumerate(days):
        load.progress("month", at, len(days))

        def one_day(pairs: list[month.Pair] = pairs) -> None:
            for deed, case in pairs:
                month.perform(played, deed, case)

        load.step(f"day:{day.isoformat()}", one_day)
    load.progress("month", len(days), len(days))

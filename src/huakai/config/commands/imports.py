"""An office's file, taken in whole or not at all."""

from pathlib import Path

from huakai.config import terminal, wording
from huakai.config.session import Here
from huakai.config.trouble import Trouble
from huakai.files import services as files
from huakai.kernel.clock import SystemClock
from huakai.registry.types import SYSTEM


def run(here: Here, *, kind: str, file: Path, dry_run: bool) -> int:
    """Report line by line; 1 when the file has mistakes."""
    if not file.is_file():
        raise Trouble(f"there is no file {file}")
    if kind not in files.importers():
        raise Trouble(f"there is no import of {kind}; there are {', '.join(files.importers())}")
    with terminal.progress(f"reading {file.name}") as report:
        result = files.run_import(
            kind=kind,
            content=file.read_bytes(),
            name=file.name,
            dry_run=dry_run,
            by=SYSTEM,
            now=SystemClock().now(),
            progress=report,
        )
    for problem in result.problems:
        terminal.say(f"✗ {file.name}:{problem.line} {problem.field}: {wording.sentence(problem.reason)}")
    counts = (
        f"{result.rows} rows: {result.created} new, {result.updated} changed, {result.unchanged} as before"
    )
    if result.problems:
        terminal.say(f"{len(result.problems)} mistakes in {counts}; nothing was written")
        return 1
    terminal.say(f"✓ {counts}{' (dry run, nothing was written)' if dry_run else ''}")
    return 0

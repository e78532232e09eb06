"""What commands say: a progress bar on a terminal, plain lines otherwise."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Report = Callable[[int, int], None]
"""Called with what is done and how much there is."""

console = Console(highlight=False, soft_wrap=True)
LINE_EVERY = 5.0  # seconds between plain lines


def say(text: str) -> None:
    """One line for the person who started the command, shown at once even into a file."""
    console.print(text, markup=False)
    sys.stdout.flush()


def plain(text: str) -> None:
    """Text for another program: no wrapping, no styles."""
    sys.stdout.write(text + "\n")


@contextmanager
def progress(label: str) -> Iterator[Report]:
    """Report the progress of one long piece of work under `label`."""
    started = time.monotonic()
    if console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as bars:
            bar = bars.add_task(label, total=None)
            yield lambda done, total: bars.update(bar, completed=done, total=total)
    else:
        yield _plain_lines(label)
    say(f"✓ {label} ({time.monotonic() - started:.1f} s)")


def _plain_lines(label: str) -> Report:
    last = time.monotonic()

    def report(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= LINE_EVERY:
            last = time.monotonic()
            say(f"  {label}: {done}/{total}")

    return report

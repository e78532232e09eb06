"""One run of `huakai bench cases`: load, look at the inbox with few and with all cases, move cases, sweep."""

from datetime import datetime

from bench import cases, inbox, million, moves, sweep
from huakai.config import assets, keeper, session, terminal
from huakai.kernel.calendar import next_working_moment
from huakai.kernel.clock import SystemClock
from huakai.packs import queries as packs


def run(here: session.Here, wanted: cases.Options) -> int:
    """Measure what was asked for and print the tables."""
    assert here.server is not None
    postmaster = keeper.postmaster_pid(here.server.data)
    assert postmaster is not None
    now = SystemClock().now()
    place = million.prepare(folder=million.packs_folder(wanted.home), now=now)
    opened = int(wanted.cases * million.OPEN_SHARE)
    looks: list[inbox.Look] = []
    if wanted.asks("inbox"):
        assets.ensure()
    million.load(closed=min(million.FEW, wanted.cases - opened), opened=opened, now=now)
    if wanted.asks("inbox"):
        looks.append(inbox.look(place))
    million.load(closed=wanted.cases - opened, opened=opened, now=now)
    if wanted.asks("inbox"):
        looks.append(inbox.look(place))
        inbox.tell(looks)
    if wanted.asks("moves"):
        moves.tell(
            moves.measure_all(place, here.server, postmaster, rounds=wanted.rounds, loops=wanted.loops),
            wanted.cases,
        )
    if wanted.asks("sweep"):
        sweep.tell(sweep.measure_sweep(postmaster, count=wanted.due, now=_office_hours(now)))
    terminal.plain("")
    return 0


def _office_hours(now: datetime) -> datetime:
    """The sweep does nothing at night; the clock is handed in, so it can be put where work is done."""
    return next_working_moment(now, packs.work_calendar(packs.current(million.PLACE)))

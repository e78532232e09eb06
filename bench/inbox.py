"""The inbox of a street office: the whole page, as a browser that is signed in gets it, tab by tab."""

import statistics
import time
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client

from bench import measure, million
from huakai.config import terminal
from huakai.registry.models import Account

ASKED = 60
TARGET_MS = 60
TABS = {"all": "", "to assign": "?tab=waiting", "under way": "?tab=going", "overdue": "?tab=overdue&order=due",
        "unanswered": "?tab=unanswered", "unrated": "?tab=unrated", "closed": "?tab=closed",
        "a category": "?category=road", "one community": "?area=370402004001"}  # fmt: skip


@dataclass
class Tab:
    """One address of the page."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    """Of the web process alone."""
    queries: int = 0
    database: float = 0.0
    """ms waited for the database, median of the requests."""


@dataclass
class Look:
    """The page with so many closed cases behind it."""

    opened: int
    closed: int
    tabs: dict[str, Tab] = field(default_factory=dict)
    probe: float = 0.0


def look(place: million.Place) -> Look:
    """Ask for every tab in turn, so that noise falls on all alike."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FILTER (WHERE status = 'open'), count(*) FROM cases_case")
        opened, every = cursor.fetchone()
    found = Look(opened, every - opened, {title: Tab() for title in TABS}, measure.probe())
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(Account.objects.get(pk=place.street.account_id))
    waits: dict[str, list[float]] = {title: [] for title in TABS}
    for at in range(ASKED + 5):
        for title, query in TABS.items():
            seen = _Waited()
            wall, cpu = time.perf_counter(), time.process_time()
            with connection.execute_wrapper(seen):
                answer = client.get(f"/desk/{query}")
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            if answer.status_code != 200:
                raise SystemExit(f"/desk/{query} answered {answer.status_code}")
            if at < 5:
                continue  # caches and prepared statements are warm by then
            tab = found.tabs[title]
            tab.wall.append(1000 * wall)
            tab.cpu.append(1000 * cpu)
            tab.queries = seen.count
            waits[title].append(1000 * seen.seconds)
    for title, tab in found.tabs.items():
        tab.database = statistics.median(waits[title])
    return found


class _Waited:
    """How many statements, and how long they took."""

    def __init__(self) -> None:
        self.count, self.seconds = 0, 0.0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.count += 1
            self.seconds += time.perf_counter() - begun


def tell(looks: list[Look]) -> None:
    """Few closed cases beside many."""
    terminal.plain(
        f"\ninbox of a street office, the whole page, {ASKED} requests a tab, no network; target p95 {TARGET_MS} ms\n"
    )
    for one in looks:
        terminal.plain(
            f"{one.opened:,} open, {one.closed:,} closed cases (a fixed loop of Python: {one.probe:.0f} ms CPU)"
        )
        terminal.plain(f"{'':16} {'p50 ms':>8} {'p95 ms':>8} {'web CPU':>8} {'database':>9} {'queries':>8}")
        for title, tab in one.tabs.items():
            wall = sorted(tab.wall)
            terminal.plain(
                f"  {title:14} {wall[len(wall) // 2]:8.1f} {wall[int(0.95 * len(wall))]:8.1f}"
                f" {statistics.median(tab.cpu):8.1f} {tab.database:9.1f} {tab.queries:8}"
            )

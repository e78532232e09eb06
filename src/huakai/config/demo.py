"""The demo once its database runs: tables, packs, people, then web server and worker under watch."""

import http.client
import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from rich.table import Table

from huakai.config import assets, supervise, terminal
from huakai.config.commands import packs as pack_commands
from huakai.config.session import Here, close_connections
from huakai.config.trouble import Trouble
from huakai.kernel.clock import SystemClock
from huakai.packs import services as packs
from huakai.scenarios import queries as scenario_facts
from huakai.scenarios import services as scenarios

COMMAND = [sys.executable, "-m", "huakai.config.cli"]
PATIENCE = 60.0  # seconds until the web server answers


def play(here: Here) -> None:
    """Prepare, run, and stop in order however it ends. Known data is served while it is looked through."""
    assets.ensure()
    is_new = _bring_tables_up_to_date()
    web = supervise.Child("web", [*COMMAND, "serve", "--port", str(here.env.port)])
    worker = supervise.Child("worker", [*COMMAND, "worker"])
    family = supervise.Family([web, worker], hold=here.server.hold if here.server else ())
    try:
        if not is_new:
            _start(family)
        _publish_packs()
        _load_people()
        if is_new:
            _start(family)
        close_connections()
        _wait_until_it_answers(here.env.port, web)
        _tell(here.env.port)
        family.watch(every_tick=here.server.ensure if here.server else lambda: None)
    finally:
        family.stop()


def _start(family: supervise.Family) -> None:
    close_connections()  # their threads must not be there when a process forks
    family.start()


def _bring_tables_up_to_date() -> bool:
    """True when there was something to do."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    with terminal.progress("making tables"):
        call_command("migrate", interactive=False, verbosity=0)
    return True


def _publish_packs() -> None:
    for code in pack_commands.codes():
        packs.publish(pack_code=code, root=settings.PACKS_ROOT, by=None, now=SystemClock().now())


def _load_people() -> None:
    for folder in example_folders():
        with terminal.progress(f"loading the demo of {folder.name}") as report:
            scenarios.load_demo(
                root=folder,
                now=SystemClock().now(),
                progress=lambda label, done, total: report(done, total),
            )


def example_folders() -> list[Path]:
    """Folders with the script of a demo, one per pack; a place with nothing but its units has none to play."""
    root = Path(settings.PACKS_ROOT)
    scripts = (root.parent / "examples").glob("*/month.yaml")
    return sorted(script.parent for script in scripts if (root / script.parent.name).is_dir())


def _wait_until_it_answers(port: int, web: supervise.Child) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if not web.is_running:
            raise Trouble("the web server did not start; the lines above say why")
        try:
            probe = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            probe.request("GET", "/healthz")
            if probe.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise Trouble(f"the web server did not answer within {PATIENCE:.0f} s")


def _tell(port: int) -> None:
    base = f"http://127.0.0.1:{port}"
    table = Table(box=None, pad_edge=False)
    for heading in ("role", "name", "sign in with", "password", "page"):
        table.add_column(heading)
    for account in scenario_facts.demo_accounts():
        password = account.password or "a code, shown there"
        table.add_row(account.role, account.name, account.sign_in, password, account.page)
    terminal.console.print(table)
    for screen in scenario_facts.demo_screens():
        terminal.say(f"screen {screen.label}: {base}{screen.page}")
    terminal.say(
        f"\nSign in at {base}/signin/, phones {base}/m/, desks {base}/desk/. Ctrl-C stops all of it."
    )

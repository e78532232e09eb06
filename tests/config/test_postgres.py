"""The embedded server: who may share it, what survives a kill, what never collides."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from huakai.config import keeper, postgres
from huakai.config.env import PROJECT_ROOT
from huakai.config.trouble import Trouble

HOLD = (
    "import sys; from pathlib import Path; from huakai.config import postgres\n"
    "with postgres.running(Path(sys.argv[1]), durable=False) as server:\n"
    "    print(server.url(), flush=True); sys.stdin.read()\n"
)


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="hk-"))
    yield folder
    keeper.stop_server(folder / "pg")
    shutil.rmtree(folder, ignore_errors=True)


def in_another_process(home: Path, *, before: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    """A second user of the home; it has the server when its first line is there, and leaves at end of input."""
    environment = os.environ | {"PYTHONPATH": str(PROJECT_ROOT / "src")}
    command = [*before, sys.executable, "-c", HOLD, str(home)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd="/"
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("postgresql://")
    return process


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=30)
    assert process.returncode == 0


def eventually(question: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        if question():
            return True
        time.sleep(0.05)
    return False


def ask(server: postgres.Server, query: str) -> object:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def test_the_database_comes_back_with_its_data_after_the_server_was_killed(home: Path) -> None:
    with postgres.running(home, durable=False) as server:
        assert ask(server, "WITH made AS (SELECT 1) SELECT current_user::text FROM made") == "huakai"
        with psycopg.connect(server.url()) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS figure")
        killed = keeper.postmaster_pid(server.data)
        assert killed
        os.kill(killed, signal.SIGKILL)
        assert eventually(lambda: not server.is_running())

        server.ensure()

        assert ask(server, "SELECT figure FROM kept") == 7


def test_the_server_stops_when_its_last_user_leaves_and_not_before(home: Path) -> None:
    with postgres.running(home, durable=False) as server:
        other = in_another_process(home)
        leave(other)
        assert server.is_running()
    assert not server.is_running()


def test_the_server_stops_when_its_last_user_was_killed(home: Path) -> None:
    process = in_another_process(home)
    server = postgres.Server(home)
    assert server.is_running()

    process.kill()
    process.communicate()

    assert eventually(lambda: not server.is_running())


def test_two_homes_run_side_by_side(home: Path) -> None:
    second = home / "second"
    with (
        postgres.running(home / "first", durable=False) as one,
        postgres.running(second, durable=False) as two,
    ):
        with psycopg.connect(one.url()) as connection:
            connection.execute("CREATE TABLE only_here ()")
        assert ask(one, "SELECT to_regclass('only_here')::text") == "only_here"
        assert ask(two, "SELECT to_regclass('only_here')::text") is None


def test_a_home_too_deep_for_a_socket_still_works(home: Path) -> None:
    deep = home / "spaces and 'quotes'" / ("long" * 25)
    with postgres.running(deep, durable=False) as server:
        assert not server.sockets.is_relative_to(deep)
        assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
        assert ask(server, "SELECT 1") == 1
    assert not server.sockets.exists()


def test_nobody_else_can_reach_the_socket_or_the_data(home: Path) -> None:
    with postgres.running(home, durable=False) as server:
        for folder in (server.sockets, server.data):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert ask(server, "SELECT current_setting('listen_addresses')") == ""


def test_an_ordinary_user_runs_a_server_without_any_help(home: Path) -> None:
    before: tuple[str, ...] = ()
    if os.geteuid() == 0:  # become one; reading our own files stays allowed, as this copy may lie under /root
        nobody = pwd.getpwnam("nobody")
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
        caps = "-all,+dac_read_search"
        before = (
            "setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups",
            f"--inh-caps={caps}", f"--ambient-caps={caps}",
        )  # fmt: skip
    process = in_another_process(home, before=before)
    pid = keeper.postmaster_pid(home / "pg")
    owner = (home / "pg").stat().st_uid

    leave(process)

    assert pid is not None
    assert owner != 0
    assert not postgres.Server(home).is_running()


def test_a_stale_lock_file_of_another_program_does_not_stop_the_start(home: Path) -> None:
    with postgres.running(home, durable=False):
        pass
    (home / "pg" / "postmaster.pid").write_text(f"{os.getpid()}\n{home / 'pg'}\n")
    with postgres.running(home, durable=False) as server:
        assert ask(server, "SELECT 1") == 1


def test_a_number_that_belongs_to_another_program_is_never_signalled(home: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"]) as innocent:
        (home / "pg").mkdir()
        (home / "pg" / "postmaster.pid").write_text(f"{innocent.pid}\n{home / 'pg'}\n")
        keeper.stop_server(home / "pg", patience=0.2)
        time.sleep(0.2)
        assert innocent.poll() is None
        innocent.kill()


def test_a_cluster_of_another_version_is_refused_in_words(home: Path) -> None:
    with postgres.running(home, durable=False):
        pass
    (home / "pg" / "PG_VERSION").write_text("17\n")
    with (
        pytest.raises(Trouble, match="made by PostgreSQL 17"),
        postgres.running(home, durable=False),
    ):
        pass

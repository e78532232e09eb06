"""The tools of the embedded PostgreSQL, on this home's database."""

import subprocess

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
            return subprocess.run([*command, f"--dbname={env.database_url}"], check=False).returncode
        return subprocess.run(command, env=server.client_environment(), check=False).returncode

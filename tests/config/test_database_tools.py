"""`huakai db`: the tools of PostgreSQL with the connection filled in."""

import subprocess
from typing import Any

import pytest

from huakai.config.commands import database
from huakai.config.trouble import Trouble


def test_the_password_of_the_named_database_stays_off_the_command_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(
        "HUAKAI_DATABASE_URL", "postgresql://huakai:a%20long%20one@db.example:5433/huakai?sslmode=require"
    )
    calls: list[tuple[list[str], dict[str, str]]] = []

    def run(command: list[str], *, env: dict[str, str], check: bool) -> Any:
        calls.append((command, env))
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(subprocess, "run", run)
    assert database.run(tool="pg_dump", arguments=["-Fc"]) == 3
    ((command, environment),) = calls
    assert command[0].endswith("/pg_dump")
    assert command[1:] == [
        "-Fc",
        "--dbname=user=huakai dbname=huakai host=db.example port=5433 sslmode=require",
    ]
    assert environment["PGPASSWORD"] == "a long one"


def test_an_unknown_tool_is_refused() -> None:
    with pytest.raises(Trouble, match="there is no tool rm"):
        database.run(tool="rm", arguments=[])

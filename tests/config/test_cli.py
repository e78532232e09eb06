"""Every command explains itself."""

import subprocess
from collections.abc import Iterator
from typing import Any

import click
import pytest
import typer.main
from typer.testing import CliRunner

from huakai.config import cli
from huakai.config.commands import database
from huakai.config.trouble import Trouble

runner = CliRunner()


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


ALL = sorted(commands(typer.main.get_command(cli.app)))


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_a_command_has_help_with_an_example(path: tuple[str, ...]) -> None:
    result = runner.invoke(cli.app, [*path, "--help"])
    assert result.exit_code == 0
    assert "Example:" in result.output
    assert " ".join(["./huakai", *path]) in " ".join(result.output.split())


def test_the_promised_commands_are_there() -> None:
    promised = {"demo", "test", "check", "serve", "worker", "migrate", "import", "doctor", "assets"}
    assert promised <= {path[0] for path in ALL}
    assert {("packs", verb) for verb in ("check", "diff", "publish", "diagram")} <= set(ALL)


def test_an_unknown_command_is_refused() -> None:
    assert runner.invoke(cli.app, ["bloom"]).exit_code == click.UsageError.exit_code


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

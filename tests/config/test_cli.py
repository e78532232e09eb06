"""Every command explains itself."""

from collections.abc import Iterator
from typing import Any

import click
import pytest
import typer.main
from typer.testing import CliRunner

from huakai.config import cli

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

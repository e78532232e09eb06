"""The front end's sources: old browsers, locked packages, icons that exist, nothing from elsewhere."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "frontend"
TEMPLATES = sorted((ROOT / "src" / "huakai").glob("*/templates/**/*.html"))
BANNED = ["@layer", "@container", ":has(", "color-mix", "oklch", "subgrid", "dvh"]


@pytest.mark.parametrize("path", sorted((FRONTEND / "src" / "css").glob("*.css")), ids=lambda path: path.name)
def test_styles_use_nothing_chromium_90_does_not_know(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [word for word in BANNED if word in text] == []
    assert not re.search(r"(?<![-\w])aspect-ratio\s*:", text)
    assert not re.search(r"(?<![-\w])gap\s*:", text), "flex gap collapses on old phones; grid uses grid-gap"
    assert "http:" not in text
    assert "https:" not in text


def test_packages_are_pinned_and_locked_without_addresses() -> None:
    package = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)
    lock = (FRONTEND / "package-lock.json").read_text(encoding="utf-8")
    assert "http" not in lock
    packages = json.loads(lock)["packages"]
    assert all("integrity" in entry for name, entry in packages.items() if name)


def icons_named() -> dict[str, Path]:
    """Every icon a template or a menu names, and where."""
    found: dict[str, Path] = {}
    sources = [*TEMPLATES, *(ROOT / "src" / "huakai").rglob("*.py"), *(ROOT / "packs").rglob("*.yaml")]
    for path in sources:
        text = path.read_text(encoding="utf-8")
        for name in re.findall(
            r"""\{% icon ["']([\w-]+)["']|\bicon\s*[=:]\s*["']?([a-z][a-z0-9-]+)["']?(?=[\s,)%}]|$)""", text
        ):
            found.setdefault(name[0] or name[1], path)
    return found


def test_the_sprite_holds_every_icon_that_is_named() -> None:
    sprite = (FRONTEND / "icons.txt").read_text(encoding="utf-8").split()
    assert sprite == sorted(set(sprite)), "one name per line, sorted"
    unknown = {
        name: str(path.relative_to(ROOT)) for name, path in icons_named().items() if name not in sprite
    }
    assert {name: path for name, path in unknown.items() if name not in {"icon", "str", "item"}} == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "src" / "huakai")))
def test_templates_carry_no_inline_style_script_or_foreign_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)|javascript:", text)
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", text)

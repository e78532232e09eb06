"""Which strings lack English: `python -m huakai.web.catalogue [floor …]`. Imports no Django.

Reads `_()`, `gettext*()`, `N_()` in Python and `{% translate %}`, `{% blocktranslate %}`, `_("…")` in templates,
floor by floor, and compares with the floor's own English catalogue.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[1]
MARKERS = {
    "_": 1,
    "N_": 1,
    "gettext": 1,
    "gettext_lazy": 1,
    "gettext_noop": 1,
    "ngettext": 2,
    "ngettext_lazy": 2,
}
CONTEXT_MARKERS = {"pgettext", "pgettext_lazy", "npgettext"}
TRANSLATE = re.compile(r"""\{%-?\s*trans(?:late)?\s+(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")
INLINE = re.compile(r"""(?<![\w.])_\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*\)""")
BLOCK = re.compile(
    r"\{%\s*blocktrans(?:late)?\b(?P<head>[^%]*)%\}(?P<one>.*?)"
    r"(?:\{%\s*plural\s*%\}(?P<many>.*?))?\{%\s*endblocktrans(?:late)?\s*%\}",
    re.DOTALL,
)
TEMPLATE_CODE = re.compile(r"\{[%{].*?[%}]\}", re.DOTALL)


def floors() -> list[str]:
    """Every floor that is a package."""
    return sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


def strings_of(floor: str) -> dict[str, str]:
    """Source string → the first place it stands, for one floor."""
    found: dict[str, str] = {}
    for path in sorted((PACKAGE / floor).rglob("*")):
        if "migrations" in path.parts or "dist" in path.parts:
            continue
        if path.suffix == ".py":
            texts = python_strings(path.read_text(encoding="utf-8"))
        elif path.suffix in (".html", ".txt", ".svg") and "templates" in path.parts:
            texts = template_strings(path.read_text(encoding="utf-8"))
        else:
            continue
        for text in texts:
            found.setdefault(text, str(path.relative_to(PACKAGE)))
    return found


def python_strings(source: str) -> Iterator[str]:
    """Literals handed to a gettext marker."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in CONTEXT_MARKERS:
            raise ValueError("pgettext is not used here: write two different Chinese strings")
        if name not in MARKERS:
            continue
        for argument in node.args[: MARKERS[name]]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
                yield argument.value


def template_strings(source: str) -> Iterator[str]:
    """What Django's own extraction would find in a template."""
    for match in TRANSLATE.finditer(source):
        yield _unquoted(match)
    for code in TEMPLATE_CODE.findall(source):
        for match in INLINE.finditer(code):
            yield _unquoted(match)
    for match in BLOCK.finditer(source):
        for text in (match["one"], match["many"]):
            if text is not None:
                yield _block_message(text, trimmed="trimmed" in match["head"])


def _unquoted(match: re.Match[str]) -> str:
    return (match[1] if match[1] is not None else match[2]).replace('\\"', '"').replace("\\'", "'")


def _block_message(text: str, *, trimmed: bool) -> str:
    text = re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", text.replace("%", "%%"))
    return " ".join(line.strip() for line in text.strip().splitlines()) if trimmed else text


def english_of(floor: str) -> dict[str, str]:
    """Source string → English, as the floor's catalogue has it; untranslated and fuzzy entries left out."""
    path = PACKAGE / floor / "locale" / "en" / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale="en")
    pairs: dict[str, str] = {}
    for message in catalogue:
        if not message.id or message.fuzzy:
            continue
        ids = message.id if isinstance(message.id, list | tuple) else (message.id,)
        says = message.string if isinstance(message.string, list | tuple) else (message.string,) * len(ids)
        pairs |= {one: str(said) for one, said in zip(ids, says, strict=True) if said}
    return pairs


def places_of(text: str) -> set[tuple[str, str]]:
    """The named places of a message: {n} of a refusal, %(n)s of a template."""
    return set(re.findall(r"\{(\w+)\}|%\((\w+)\)s", text))


def missing(floor: str) -> dict[str, str]:
    """Source strings of a floor without English → where they stand."""
    known = english_of(floor)
    return {text: place for text, place in strings_of(floor).items() if text not in known}


def main(arguments: list[str]) -> int:
    """Print what is missing as .po lines ready to be filled in; exit 1 when anything is."""
    lines: list[str] = []
    for floor in arguments or floors():
        gaps = missing(floor)
        if gaps:
            lines.append(f"# {floor}: {len(gaps)} without English in {floor}/locale/en/LC_MESSAGES/django.po")
        for text, place in gaps.items():
            quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            lines.append(f'#: {place}\nmsgid "{quoted}"\nmsgstr ""\n')
    sys.stdout.write("\n".join(lines) + ("\n" if lines else ""))
    return 1 if lines else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""Packs: check, diff, publish, diagram."""

import json
from pathlib import Path

from django.conf import settings

from huakai.cases import rules as case_rules
from huakai.cases.definitions import Flow
from huakai.config import terminal, wording
from huakai.config.session import Here
from huakai.config.trouble import Trouble
from huakai.kernel.clock import SystemClock
from huakai.packs import queries as packs
from huakai.packs import rules as pack_rules
from huakai.packs import services
from huakai.packs.types import Problem


def codes(pack: str = "") -> list[str]:
    """The named pack, or every pack there is; those with a demo first, as the first place is the default."""
    root = Path(settings.PACKS_ROOT)
    known = sorted(folder.parent.name for folder in root.glob("*/pack.yaml"))
    if not known:
        raise Trouble(f"there is no pack in {root}; HUAKAI_PACKS names the folder")
    if pack and pack not in known:
        raise Trouble(f"there is no pack {pack} in {root}; there are {', '.join(known)}")
    if pack:
        return [pack]
    demos = {script.parent.name for script in (root.parent / "examples").glob("*/month.yaml")}
    return sorted(known, key=lambda code: (code not in demos, code))


def check(*, pack: str) -> int:
    """Every mistake with file, line and path. Needs no database."""
    found: dict[Problem, None] = {}
    for code in codes(pack):
        found |= dict.fromkeys(packs.check_pack(code, settings.PACKS_ROOT))
    for problem in found:
        text = wording.sentence(problem.message, problem.params)
        terminal.say(f"{problem.level}: {problem.file}:{problem.line} {problem.path}: {text}")
    errors = sum(problem.level == "error" for problem in found)
    terminal.say(f"{len(codes(pack))} packs, {errors} errors, {len(found) - errors} warnings")
    return int(errors > 0)


def diff(here: Here, *, pack: str) -> None:
    """What publishing would change."""
    for code in codes(pack):
        changes = packs.diff(code, settings.PACKS_ROOT)
        terminal.say(f"{code}: {len(changes)} changes")
        for change in changes:
            terminal.say(f"  {change.file} {change.path}: {_short(change.before)} → {_short(change.after)}")


def publish(here: Here, *, pack: str) -> None:
    """New numbered editions of what changed."""
    for code in codes(pack):
        edition = services.publish(pack_code=code, root=settings.PACKS_ROOT, by=None, now=SystemClock().now())
        terminal.say(f"✓ {code}: edition {edition.number}")


def diagram(*, pack: str, flow: str) -> None:
    """The flow as its file has it now, published or not."""
    codes(pack)
    files, _ = packs.effective_files(pack, settings.PACKS_ROOT)
    models, _ = pack_rules.parsed(files)
    found = models.get(("cases", flow))
    if not isinstance(found, Flow):
        known = ", ".join(code for section, code in models if section == "cases")
        raise Trouble(f"pack {pack} has no flow {flow}; it has {known}")
    terminal.plain(case_rules.diagram(found, english=wording.language() == "en"))


def schemas() -> None:
    """JSON Schema of every section, as the snapshot test compares it."""
    terminal.plain(json.dumps(packs.json_schemas(), ensure_ascii=False, indent=1, sort_keys=True))


def _short(value: object) -> str:
    text = "–" if value is None else str(value)
    return text if len(text) <= 60 else text[:59] + "…"

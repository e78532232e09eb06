"""The list of delegated powers of a place as a pack file. Run: .venv/bin/python examples/powers.py

The counts by kind are those in print, the titles are invented (seeds/powers.yaml) and marked so; the same seed always
writes the same bytes.
"""

import random
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
SEED = 370481
HEADER = """# TZ-04 “点菜式”放权: what the city's departments delegated to towns, and which towns chose it. Written by
# examples/powers.py with a fixed seed: the bulletin prints 26 + 21 + 589 and neither titles nor days, so every title is
# invented and ends in （示例）, and so is the day. A place puts its own printed list here.
schema_version: 1
code: delegated
title: 放权清单
title_en: Delegated powers
version: 示例
source: 数量依据公开报道（26项行政处罚、21个审批事项、589项执法权），事项名称、承接镇和日期均为示例
"""


def quoted(text: str) -> str:
    """A YAML scalar that stays text."""
    return '"' + text.replace('"', "'") + '"'


def titles_of(kind: dict[str, Any], seeds: dict[str, Any], rng: random.Random) -> list[tuple[str, str, str]]:
    """(title, English, department) of as many powers as the kind has, each once."""
    found: dict[str, tuple[str, str, str]] = {}
    for turn in ("", "（二）"):
        if len(found) >= kind["count"]:
            break
        for field, (act, act_en) in product(seeds["fields"], seeds["acts"]):
            for matter, matter_en in field["matters"]:
                words, english = {"act": act, "matter": matter}, {"act": act_en, "matter": matter_en}
                title = kind["form"].format(**words) + turn
                found[title] = (title, kind["form_en"].format(**english), field["department"])
    chosen = rng.sample(sorted(found.values()), kind["count"])
    return sorted(chosen, key=lambda power: (power[2], power[0]))


def lines_of(seeds: dict[str, Any]) -> list[str]:
    """Every power as one line; each town picks its own dishes from the menu."""
    rng = random.Random(SEED)  # noqa: S311 - invented data, not a secret
    since: date = seeds["since"]
    lines = ["kinds:"]
    lines += [
        f"  - {{code: {kind['code']}, title: {kind['title']}, title_en: {kind['title_en']}}}"
        for kind in seeds["kinds"]
    ]
    lines.append("powers:")
    for kind in seeds["kinds"]:
        for number, (title, english, department) in enumerate(titles_of(kind, seeds, rng), 1):
            towns = sorted(rng.sample(seeds["towns"], rng.randint(1, len(seeds["towns"]))))
            chosen = ", ".join(quoted(town) for town in towns)
            lines.append(
                f"  - {{code: {kind['prefix']}{number:03d}, title: {quoted(title + '（示例）')}, "
                f"title_en: {quoted(english + ' (example)')}, kind: {kind['code']}, "
                f'department: "{department}", '
                f"delegated: [{{towns: [{chosen}], since: {quoted(since.isoformat())}}}]}}"
            )
    return lines


def main(out: Path = HERE.parent / "packs/tengzhou/powers/delegated.yaml") -> None:
    """Write the file."""
    seeds = yaml.safe_load((HERE / "seeds/powers.yaml").read_text(encoding="utf-8"))
    out.parent.mkdir(exist_ok=True)
    out.write_text(HEADER + "\n".join(lines_of(seeds)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Writes packs/jinggangshan/powers/grid_items.yaml: 79 items (row JG-02). The seed prints the count, not the items.

    python examples/grid_items.py

Seeded: a second run writes the same bytes. Every title says that it is invented; owners are units of units.csv.
"""

import random
from pathlib import Path

SEED = 360881
COUNT = 79
OUT = Path(__file__).resolve().parent.parent / "packs" / "jinggangshan" / "powers" / "grid_items.yaml"
KINDS = {
    "party": ("党建", "Party building", ("360881D01",)),
    "order": ("综治", "Public order", ("360881D02", "360881D06", "360881D12")),
    "fire": ("消防", "Fire safety", ("360881D05", "360881D11")),
    "city": ("城市管理", "City management", ("360881D03", "360881D04")),
    "people": ("民生服务", "Livelihood", ("360881D07", "360881D09", "360881D10")),
    "market": ("市场监管", "Markets", ("360881D08",)),
}
"""The first three kinds are those the seed names (党建、综治、消防等); the others and all time limits are ours."""
DAYS = (3, 5, 10, 15)
HEAD = """# Written by examples/grid_items.py (seed {seed}); do not edit.
# 职能部门79项职责任务、网格事项清单指导目录 (JG-02): the seed prints the count only, so every title is marked 示例 and
# every time limit is a setting of this pack.
schema_version: 1
code: grid_items
title: 网格事项清单
title_en: Catalogue of grid items
version: 示例版
source: 网格事项清单指导目录（条目为示例，资料只印79项）
kinds:
"""


def text() -> str:
    """The file."""
    rng = random.Random(SEED)  # noqa: S311 - examples, not secrets
    lines = [HEAD.format(seed=SEED)]
    lines += [f"  - {{code: {c}, title: {t}, title_en: {e}}}\n" for c, (t, e, _) in KINDS.items()]
    lines.append("items:\n")
    counted = dict.fromkeys(KINDS, 0)
    for number in range(1, COUNT + 1):
        kind = rng.choice(tuple(KINDS))
        counted[kind] += 1
        title, english, owners = KINDS[kind]
        name = (
            f"title: （示例）{title}事项{counted[kind]}, title_en: {english} item {counted[kind]} (invented)"
        )
        due = f"due: {{amount: {rng.choice(DAYS)}, unit: working_days}}"
        lines.append(
            f'  - {{code: "{number:03d}", {name}, kind: {kind}, owner: {rng.choice(owners)}, {due}}}\n'
        )
    return "".join(lines)


if __name__ == "__main__":
    OUT.write_text(text(), encoding="utf-8")

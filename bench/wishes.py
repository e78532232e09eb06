"""Texts of cases as people and offices write them, made from templates: the same seed gives the same texts.

Nothing in here is a real wish; the vocabulary and how often each word comes stands in wishes.txt.
"""

import random
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

SEED = 20261125
SYLLABLES = "东西南北新安平和文昌永福光明春阳玉泉青山龙泽华景德兴长乐金水云河石桥柳杨枫桂荷松竹梅兰书院"


def _sections() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in Path(__file__).with_name("wishes.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            lines = found[line.strip("[]")] = []
        elif not line.startswith("#"):
            lines.append(line)
    return found


class _Choice:
    """Weighted choice among lines `weight text`, quick: the weights are added up once."""

    def __init__(self, lines: list[str]) -> None:
        pairs = [line.partition(" ") for line in lines]
        self.values = [text for _, _, text in pairs]
        self.sums = list(accumulate(int(weight) for weight, _, _ in pairs))

    def of(self, draw: random.Random) -> str:
        return draw.choices(self.values, cum_weights=self.sums)[0]


def told(count: int, seed: int = SEED) -> Iterator[tuple[str, str, str]]:
    """(title, detail, result once it is closed) of `count` cases."""
    draw = random.Random(seed)
    words = _sections()
    openers, roads, estates, spots, asks, topics = (
        _Choice(words[name]) for name in ("openers", "roads", "estates", "spots", "asks", "topics")
    )
    parts = {topic: [part.split() for part in topic.split("|")[1:]] for topic in topics.values}
    pick, chance, number = draw.choice, draw.random, draw.randrange
    for _ in range(count):
        things, troubles, results = parts[topics.of(draw)]
        thing, trouble = pick(things), pick(troubles)
        if chance() < 0.001:
            thing = pick(words["odd"])  # hardly anybody writes of these: some thirty times in a million
        name = pick(SYLLABLES) + pick(SYLLABLES)
        where = name + (estates.of(draw) if chance() < 0.6 else roads.of(draw))
        if chance() < 0.35:
            where += f"{number(1, 40)}号楼" if chance() < 0.8 else f"{number(1, 40)}栋{number(1, 6)}单元"
        more = f"，{pick(things)}也{pick(troubles)}" if chance() < 0.25 else ""
        yield (
            f"{thing}{trouble}",
            f"{openers.of(draw)}{where}{spots.of(draw)}{thing}{trouble}{more}{asks.of(draw)}",
            f"{pick(results)}，{name}一带回访{'满意' if chance() < 0.9 else '不满意'}",
        )

"""Rows of demands.xlsx: orders and demands of one month, from the texts in seeds/demands.yaml."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

HEADER = [
    "key",
    "flow",
    "service",
    "category",
    "caller_kind",
    "channel",
    "姓名",
    "称谓",
    "手机",
    "area_code",
    "地址",
    "lon",
    "lat",
    "title",
    "detail",
    "opened_at",
]
FIRST_DAY = datetime(2026, 1, 26, 7, 30)  # noqa: DTZ001 - local wall time, as offices write it
DAYS = 31
ORDERS, DEMANDS = 230, 180
REGULAR_HOME = "杨河社区"
HONORIFICS = ["先生", "女士", "大爷", "大娘"]
TAILS = [
    "来之前打个电话",
    "上午家里都有人",
    "下午三点以后方便",
    "越快越好",
    "谢谢了",
    "不急，这周内就行",
    "先跟社区说过了",
    "已经问过一回了",
    "麻烦给个回话",
    "家里老人不会用手机，是我替他点的",
]
FAVOURED = {
    "haircut": 3,
    "companion_clinic": 3,
    "appliance_repair": 2,
    "plumbing_repair": 2,
    "meal_delivery": 2,
}


@dataclass(frozen=True)
class Home:
    """Where somebody asks from."""

    code: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Caller:
    """Who asks, and from where."""

    name: str
    phone: str
    honorific: str
    home: Home
    address: str


def rows_of(
    texts: dict[str, Any], homes: list[Home], someone: Callable[[], tuple[str, str]], rng: random.Random
) -> list[tuple[Any, ...]]:
    """Orders and demands in the order they came in; every text is used before one comes twice."""
    wanted: list[tuple[str, str, str]] = []
    wanted += _spread(texts["services"], "volunteer_order", ORDERS, rng)
    wanted += _spread(texts["categories"], "demand", DEMANDS, rng)
    times = sorted(_moment(rng) for _ in wanted)
    rng.shuffle(wanted)
    regular = _caller(someone, next(home for home in homes if home.name == REGULAR_HOME), rng)
    callers: list[Caller] = []
    seen: Counter[str] = Counter()
    rows: list[tuple[Any, ...]] = []
    for number, ((flow, code, text), at) in enumerate(zip(wanted, times, strict=True), 1):
        if not callers or rng.random() < 0.8:
            callers.append(_caller(someone, rng.choice(homes), rng))
        who = regular if number % 37 == 0 else rng.choice(callers[-60:])
        seen[text] += 1
        rows.append(_row(number, (flow, code, _again(text, seen[text], rng)), at, who, rng))
    return rows


def _caller(someone: Callable[[], tuple[str, str]], home: Home, rng: random.Random) -> Caller:
    address = f"{home.name}{rng.randint(1, 28)}号楼{rng.randint(1, 4)}单元"
    return Caller(*someone(), rng.choice(HONORIFICS), home, address)


def _headline(detail: str) -> str:
    """The first clauses, until they say something."""
    title = ""
    for clause in detail.split("，"):
        title = f"{title}，{clause}" if title else clause
        if len(title) >= 10:
            break
    return title[:28]


def _again(text: str, times: int, rng: random.Random) -> str:
    """The text, told a little differently when it comes again."""
    if times == 1:
        return text
    tail = rng.choice(TAILS)
    return f"{text}，{tail}" if "{v}" in text or times == 2 else f"{{v}}：{text}，{tail}"


def _spread(
    entries: dict[str, list[str]], flow: str, count: int, rng: random.Random
) -> list[tuple[str, str, str]]:
    picked: list[tuple[str, str, str]] = []
    while len(picked) < count:
        turn = [(flow, code, text) for code, texts in entries.items() for text in texts]
        favoured = [t for t in turn for _ in range(FAVOURED.get(t[1], 1) - 1) if "{" in t[2]]
        rng.shuffle(turn)
        picked += turn + favoured
    return picked[:count]


def _moment(rng: random.Random) -> datetime:
    """A moment of the month, more by day than in the evening."""
    hour = rng.choices(range(15), weights=[2, 5, 8, 9, 8, 5, 4, 6, 8, 8, 6, 4, 3, 2, 1])[0]
    return FIRST_DAY + timedelta(days=rng.randrange(DAYS), hours=hour, minutes=rng.randrange(60))


def _row(
    number: int, what: tuple[str, str, str], at: datetime, who: Caller, rng: random.Random
) -> tuple[Any, ...]:
    flow, code, text = what
    home = who.home
    detail = text.format(v=home.name, n=rng.randint(1, 28), m=rng.randint(2, 8), d=rng.choice("一二三四五"))
    title = _headline(detail)
    enterprise = code == "enterprise"
    service, category = (code, "") if flow == "volunteer_order" else ("", code)
    channel = rng.choices(["phone_page", "hotline", "counter", "grid", "mini_program"], [5, 3, 2, 2, 2])[0]
    honorific = "女士" if enterprise and who.honorific == "大娘" else who.honorific
    lon, lat = (
        round(home.lon + rng.uniform(-0.003, 0.003), 6),
        round(home.lat + rng.uniform(-0.003, 0.003), 6),
    )
    return (
        *(f"LW{number:05d}", flow, service, category, "enterprise" if enterprise else "resident", channel),
        *(
            who.name,
            honorific,
            who.phone,
            home.code,
            who.address,
            lon,
            lat,
            title,
            detail,
            at.strftime("%Y-%m-%d %H:%M"),
        ),
    )

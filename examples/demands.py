"""Rows of demands.xlsx: orders and demands of one month, from the texts in seeds/demands.yaml."""

import random
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
FIRST_DAY = datetime(2025, 2, 3, 7, 30)  # noqa: DTZ001 - local wall time, as offices write it
DAYS = 31
ORDERS, DEMANDS = 230, 180
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
    """Who asks."""

    name: str
    phone: str


def rows_of(
    texts: dict[str, Any], homes: list[Home], caller: Callable[[], Caller], rng: random.Random
) -> list[tuple[Any, ...]]:
    """Orders and demands in the order they came in; every text is used before one comes twice."""
    wanted: list[tuple[str, str, str]] = []
    wanted += _spread(texts["services"], "volunteer_order", ORDERS, rng)
    wanted += _spread(texts["categories"], "demand", DEMANDS, rng)
    times = sorted(_moment(rng) for _ in wanted)
    rng.shuffle(wanted)
    callers: list[Caller] = []
    rows: list[tuple[Any, ...]] = []
    for number, ((flow, code, text), at) in enumerate(zip(wanted, times, strict=True), 1):
        home = rng.choice(homes)
        if not callers or rng.random() < 0.75:
            callers.append(caller())
            who = callers[-1]
        else:
            who = rng.choice(callers)
        rows.append(_row(number, (flow, code, text), at, (home, who), rng))
    return rows


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
    number: int, what: tuple[str, str, str], at: datetime, where: tuple[Home, Caller], rng: random.Random
) -> tuple[Any, ...]:
    flow, code, text = what
    home, who = where
    detail = text.format(v=home.name, n=rng.randint(1, 28), m=rng.randint(2, 8))
    title = detail if len(detail) <= 18 else detail.split("，")[0][:24]
    enterprise = code == "enterprise"
    service, category = (code, "") if flow == "volunteer_order" else ("", code)
    channel = rng.choices(["phone_page", "hotline", "counter", "grid", "mini_program"], [5, 3, 2, 2, 2])[0]
    honorific = (
        rng.choice(["先生", "女士", "大爷", "大娘"]) if not enterprise else rng.choice(["先生", "女士"])
    )
    address = f"{home.name}{rng.randint(1, 28)}号楼{rng.randint(1, 4)}单元"
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
            address,
            lon,
            lat,
            title,
            detail,
            at.strftime("%Y-%m-%d %H:%M"),
        ),
    )

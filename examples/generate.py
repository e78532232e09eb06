"""Writes examples/shizhong/*: the input files an office would have. Everything in them is invented.

    python examples/generate.py

Seeded and free of clocks: a second run writes the same bytes.
"""

import csv
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import board_figures  # noqa: E402 - beside this file
import demands  # noqa: E402
import workbook  # noqa: E402

SEED = 370402
OUT = HERE / "shizhong"
BUILT_ON = "2020-12-01"
ROSTER_ON = "2022-05-16"
GROUP = "新时代文明实践中心建设工作领导小组"
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Node:
    """A unit of the example."""

    code: str
    name: str
    kind: str
    lon: float
    lat: float
    parent: str


@dataclass(frozen=True)
class Someone:
    """An invented person."""

    name: str
    phone: str


class Names:
    """Invented names and telephone numbers of an unassigned range; every number is given once."""

    def __init__(self, words: dict[str, Any], rng: random.Random) -> None:
        self.words, self.rng = words, rng
        self.next_number: dict[int, int] = {}

    def someone(self, block: int) -> Someone:
        """A person whose telephone ends in a number counted up from `block`."""
        number = self.next_number.get(block, block)
        self.next_number[block] = number + 1
        return Someone(self.name(number), f"1990000{number:04d}")

    def name(self, number: int) -> str:
        """A name; every 97th holds a character many systems lose."""
        if number % 97 == 0:
            return str(self.rng.choice(self.words["rare"]))
        surname = self.rng.choice(self.words["surnames"])
        first, second = self.rng.choice(self.words["first"]), self.rng.choice(self.words["second"])
        return f"{surname}{first}" if self.rng.random() < 0.12 else f"{surname}{first}{second}"


def write_csv(name: str, header: Sequence[str], rows: Iterable[Row]) -> None:
    """A CSV with the mark Excel needs to see UTF-8."""
    with (OUT / name).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(rows)


def near(rng: random.Random, lon: float, lat: float, spread: float) -> tuple[float, float]:
    """A point around a centre, inside the district's frame, WGS-84."""
    x = min(max(lon + rng.uniform(-spread, spread), 117.5), 117.65)
    y = min(max(lat + rng.uniform(-spread, spread), 34.75), 34.95)
    return round(x, 6), round(y, 6)


def nodes_of(seeds: dict[str, Any], rng: random.Random) -> list[Node]:
    """District, towns and streets, villages and communities, in printed order."""
    district = seeds["district"]
    root = Node(district["code"], district["name"], "district", district["lon"], district["lat"], "")
    nodes = [root]
    for area in seeds["areas"]:
        nodes.append(Node(area["code"], area["name"], area["kind"], area["lon"], area["lat"], root.code))
        spread = 0.022 if area["kind"] == "town" else 0.007
        for kind, start, names in (
            ("community", 1, area["communities"]),
            ("village", 201, area["villages"]),
        ):
            for index, name in enumerate(names, start):
                lon, lat = near(rng, area["lon"], area["lat"], spread)
                nodes.append(Node(f"{area['code']}{index:03d}", name, kind, lon, lat, area["code"]))
    return nodes


def short_of(name: str) -> str:
    """The form used where space is short."""
    for tail in ("街道", "社区", "村", "镇"):
        if name.endswith(tail) and len(name) - len(tail) >= 2:
            return name[: -len(tail)]
    return name


def write_units(seeds: dict[str, Any], nodes: list[Node]) -> None:
    """units.csv: areas, then departments, companies and check groups in branches of their own."""
    rows: list[Row] = []
    for order, node in enumerate(nodes, 1):
        group = node.kind if node.kind in ("town", "street") else ""
        short = seeds["district"]["short"] if node.kind == "district" else short_of(node.name)
        rows.append(
            (
                node.code,
                node.name,
                short,
                node.kind,
                group,
                node.parent,
                order,
                node.lon,
                node.lat,
                BUILT_ON,
                "",
                "",
            )
        )
    root = nodes[0].code
    check_groups = [{"name": name, "aliases": [], "group": ""} for name in seeds["check_groups"]]
    for letter, title, kind, units in (
        ("D", "区直部门", "department", seeds["departments"]),
        ("G", "区属集团", "company", seeds["companies"]),
        ("S", "现场督导组", "check_group", check_groups),
    ):
        branch = f"{root}{letter}"
        rows.append((branch, title, title, "branch", "", root, len(rows) + 1, "", "", BUILT_ON, "", ""))
        for index, unit in enumerate(units, 1):
            group = unit.get("group", kind)
            code, aliases = f"{branch}{index:02d}", "、".join(unit["aliases"])
            rows.append(
                (code, unit["name"], "", kind, group, branch, len(rows) + 1, "", "", BUILT_ON, "", aliases)
            )
    header = [
        "编码",
        "名称",
        "简称",
        "类型",
        "分组",
        "上级编码",
        "排序",
        "lon",
        "lat",
        "起始日期",
        "终止日期",
        "别名",
    ]
    write_csv("units.csv", header, rows)


def write_places(seeds: dict[str, Any], nodes: list[Node], rng: random.Random) -> None:
    """places.csv: 1 centre, 11 institutes, 158 stations, and the places that serve as bases."""
    level = {
        "district": ("C", "centre", "新时代文明实践中心"),
        "town": ("S", "institute", "新时代文明实践所"),
        "street": ("S", "institute", "新时代文明实践所"),
        "village": ("Z", "station", "新时代文明实践站"),
        "community": ("Z", "station", "新时代文明实践站"),
    }
    rows: list[Row] = []
    codes: dict[str, str] = {}
    for node in nodes:
        letter, kind, title = level[node.kind]
        codes[node.code] = f"{letter}{node.code}"
        address = f"{node.name}{rng.randint(1, 99)}号"
        lon, lat = node.lon, node.lat
        rows.append(
            (
                codes[node.code],
                kind,
                f"{node.name}{title}",
                node.code,
                codes.get(node.parent, ""),
                address,
                lon,
                lat,
            )
        )
    root = nodes[0]
    for index, name in enumerate(seeds["bases"], 1):
        lon, lat = near(rng, root.lon, root.lat, 0.01)
        rows.append((f"J{root.code}{index:02d}", "base", name, root.code, codes[root.code], "", lon, lat))
    header = ["code", "kind", "name", "单位编码", "parent_code", "地址", "lon", "lat", "starts_on"]
    write_csv("places.csv", header, [(*row, BUILT_ON) for row in rows])


def write_posts(nodes: list[Node], names: Names) -> None:
    """posts.csv: the leading group in two versions, heads of the centre, the institutes and the stations."""
    root = nodes[0]
    rows: list[Row] = []

    def hold(unit: str, body: str, post: tuple[str, str, int], who: Someone, period: tuple[str, str]) -> None:
        rows.append((unit, body, post[0], post[1], post[2], who.name, who.phone, *period))

    def head() -> Someone:
        return names.someone(5000)

    stay = [head() for _ in range(4)]
    for who in stay[:1]:
        hold(root.code, GROUP, ("group_leader", "组长", 1), who, (BUILT_ON, ""))
    hold(root.code, GROUP, ("group_leader", "组长", 1), head(), (BUILT_ON, ROSTER_ON))
    hold(root.code, GROUP, ("group_leader", "组长", 1), head(), (ROSTER_ON, ""))
    for who in stay[1:3]:
        hold(root.code, GROUP, ("group_deputy", "副组长", 2), who, (BUILT_ON, ""))
    hold(root.code, GROUP, ("group_deputy", "副组长", 2), head(), (BUILT_ON, ROSTER_ON))
    for _ in range(2):
        hold(root.code, GROUP, ("group_deputy", "副组长", 2), head(), (ROSTER_ON, ""))
    for index in range(14):
        period = (BUILT_ON, ROSTER_ON) if index < 4 else (ROSTER_ON, "") if index < 9 else (BUILT_ON, "")
        hold(root.code, GROUP, ("group_member", "成员", 3), head(), period)
    hold(root.code, "新时代文明实践中心", ("centre_head", "中心主任", 4), stay[3], (BUILT_ON, ""))
    for _ in range(2):
        hold(root.code, "新时代文明实践中心", ("centre_deputy", "中心副主任", 5), head(), (ROSTER_ON, ""))
    for node in nodes[1:]:
        if node.kind in ("town", "street"):
            post = ("institute_head", "所长", 6)
            hold(node.code, "新时代文明实践所", post, head(), (BUILT_ON, "2024-03-01"))
            hold(node.code, "新时代文明实践所", post, head(), ("2024-03-01", ""))
        else:
            hold(node.code, "新时代文明实践站", ("station_head", "站长", 7), head(), (BUILT_ON, ""))
    header = ["单位编码", "机构", "code", "职务", "排序", "姓名", "手机", "起始日期", "终止日期"]
    write_csv("posts.csv", header, rows)


@dataclass(frozen=True)
class Team:
    """A volunteer team of the example."""

    code: str
    unit: Node
    skills: tuple[str, ...]
    leader: Someone


def write_teams(words: dict[str, Any], nodes: list[Node], names: Names, rng: random.Random) -> list[Team]:
    """teams.csv: 18 district teams by field and 388 at the stations, 406 in all (due at stations: 790)."""
    root, stations = nodes[0], [n for n in nodes if n.kind in ("village", "community")]
    rows: list[Row] = []
    teams: list[Team] = []
    district: dict[str, str] = {}

    def add(code: str, name: str, level: str, entry: dict[str, Any], node: Node) -> None:
        leader = names.someone(1)
        lon, lat = near(rng, node.lon, node.lat, 0.003)
        skills = tuple(entry["skills"])
        parent = district.get(entry["name"], "")
        capacity = rng.randint(4, 8) if level == "district" else rng.randint(2, 4)
        rows.append(
            (
                code,
                name,
                level,
                entry["field"],
                node.code,
                parent,
                leader.name,
                leader.phone,
                "、".join(skills),
                capacity,
                lon,
                lat,
                BUILT_ON,
            )
        )
        teams.append(Team(code, node, skills, leader))

    for index, entry in enumerate(words["teams"], 1):
        org = words["orgs"].get(entry["name"])
        title = f"{org}志愿服务队" if org else f"市中区{entry['name']}志愿服务队"
        add(f"T{root.code}{index:02d}", title, "district", entry, root)
        district[entry["name"]] = f"T{root.code}{index:02d}"
    kinds = words["teams"]
    for position, node in enumerate(stations):
        for index in range(3 if position < 406 - 18 - 2 * len(stations) else 2):
            entry = kinds[13] if index == 0 else kinds[(position * 5 + index * 7) % len(kinds)]
            if index and entry is kinds[13]:
                entry = kinds[12]
            title = f"{node.name}{entry['name']}志愿服务队"
            add(f"T{node.code}{index + 1:02d}", title, "station", entry, node)
    header = [
        "code",
        "name",
        "级别",
        "领域",
        "单位编码",
        "parent_code",
        "队长姓名",
        "队长手机",
        "技能",
        "日接单量",
        "lon",
        "lat",
        "starts_on",
    ]
    write_csv("teams.csv", header, rows)
    return teams


def write_volunteers(teams: list[Team], names: Names, rng: random.Random) -> None:
    """volunteers.xlsx: the 406 leaders and 794 members."""
    rows: list[Row] = []
    people = [(team, team.leader) for team in teams]
    station_teams = teams[18:]
    for _ in range(1200 - len(teams)):
        people.append((rng.choice(station_teams), names.someone(1)))
    for team, who in people:
        district = rng.choice(teams[:18])
        codes = {team.code} | ({district.code} if rng.random() < 0.15 else set())
        skills = sorted(set(team.skills) | set(rng.sample(district.skills, 1)))
        lon, lat = near(rng, team.unit.lon, team.unit.lat, 0.006)
        registered = f"20{rng.randint(21, 24)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        honorific = rng.choice(["先生", "女士"])
        rows.append(
            (
                who.name,
                honorific,
                who.phone,
                "",
                team.unit.code,
                "、".join(sorted(codes)),
                "、".join(skills),
                registered,
                rng.randint(1, 5),
                lon,
                lat,
            )
        )
    header = [
        "姓名",
        "称谓",
        "手机",
        "身份证号",
        "单位编码",
        "服务队编码",
        "技能",
        "注册日期",
        "capacity_per_week",
        "lon",
        "lat",
    ]
    workbook.write(OUT / "volunteers.xlsx", "志愿者", header, rows)


def main() -> None:
    """Write every file of the example."""
    OUT.mkdir(exist_ok=True)
    rng = random.Random(SEED)  # noqa: S311 - invented data, not a secret
    seeds = yaml.safe_load((HERE / "seeds/units.yaml").read_text(encoding="utf-8"))
    words = yaml.safe_load((HERE / "seeds/people.yaml").read_text(encoding="utf-8"))
    texts = yaml.safe_load((HERE / "seeds/demands.yaml").read_text(encoding="utf-8"))
    names = Names(words, rng)
    nodes = nodes_of(seeds, rng)
    write_units(seeds, nodes)
    write_places(seeds, nodes, rng)
    write_posts(nodes, names)
    teams = write_teams(words, nodes, names, rng)
    write_volunteers(teams, names, rng)
    homes = [demands.Home(n.code, n.name, n.lon, n.lat) for n in nodes if n.kind in ("village", "community")]
    rows = demands.rows_of(texts, homes, lambda: _pair(names), rng)
    workbook.write(OUT / "demands.xlsx", "点单与诉求", demands.HEADER, rows)
    board_figures.write(OUT, seed=SEED)


def _pair(names: Names) -> tuple[str, str]:
    who = names.someone(2000)
    return who.name, who.phone


if __name__ == "__main__":
    main()

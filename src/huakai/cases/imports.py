"""demands.xlsx: an office's orders and demands. A row's outside number is its key, so a file twice changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from huakai.cases import queries, services
from huakai.cases.queries import counters
from huakai.cases.types import Arrival, NewOrder
from huakai.kernel.clock import CHINA
from huakai.kernel.errors import N_, RuleBroken
from huakai.kernel.imports import (
    Column,
    Importer,
    ImportLine,
    ImportReport,
    Progress,
    Table,
    problem,
    register_importer,
)
from huakai.packs import queries as packs
from huakai.registry import queries as registry
from huakai.registry import services as registry_services
from huakai.registry.types import Actor, UnitCard

KIND = "demands"
MOST_PROBLEMS = 500
TIMES = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M", "%Y/%m/%d")
COLUMNS = (
    Column("key", "外部单号", "Outside number", True, N_("原系统里的单号；同一单号只导入一次")),
    Column("flow", "流程", "Flow", hint=N_("选填；不填按服务项目或类别走")),
    Column("service", "服务项目", "Service", hint=N_("服务目录里的编码或名称；诉求不填")),
    Column("category", "类别", "Category", hint=N_("类别编码或名称；填了服务项目可不填")),
    Column("caller_kind", "来电人类型", "Caller", hint=N_("不填为群众")),
    Column("channel", "来源", "Channel", hint=N_("不填为表格导入")),
    Column("name", "姓名", "Name", True),
    Column("honorific", "称谓", "Honorific"),
    Column("phone", "手机", "Phone", True),
    Column("area_code", "区域编码", "Area code", True, N_("村或社区的编码")),
    Column("address", "地址", "Address"),
    Column("lon", "经度", "Longitude", hint="WGS-84"),
    Column("lat", "纬度", "Latitude", hint="WGS-84"),
    Column("title", "标题", "Title"),
    Column("detail", "内容", "Detail", hint=N_("诉求必填")),
    Column("opened_at", "提交时间", "Opened at", hint=N_("例如 2026-01-26 09:38；不填为现在")),
)
TITLES = {column.code: column.title for column in COLUMNS}
MOST = {"key": 50, "name": 30, "honorific": 8, "title": 80, "detail": 2000, "address": 200, "channel": 24}


@dataclass(frozen=True)
class _Words:
    """What a place's rows may name, by code and by title."""

    services: Mapping[str, str]
    categories: Mapping[str, str]
    flows: Mapping[str, str]
    callers: Mapping[str, str]
    channels: Mapping[str, str]


@dataclass
class _Reading:
    """The file while it is read: what rows refer to, what was found wrong."""

    by: Actor
    now: datetime
    units: Mapping[str, UnitCard]
    problems: list[ImportLine] = field(default_factory=list)
    words: dict[str, _Words] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)

    def refuse(self, line: int, code: str, reason: str, **params: object) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem(line, TITLES.get(code, code), reason, **params))

    def words_at(self, area_code: str) -> _Words:
        """Vocabulary of the place an area belongs to."""
        pack = packs.pack_of(area_code)
        if pack not in self.words:
            self.words[pack] = _words(pack)
        return self.words[pack]


@dataclass(frozen=True)
class _Row:
    """One readable line."""

    line: int
    arrival: Arrival


def import_demands(
    *, table: Table, dry_run: bool, by: Actor, now: datetime, progress: Progress | None = None
) -> ImportReport:
    """Open a case for every row with a new outside number; nothing at all when any line is wrong."""
    codes = {values.get("area_code", "").strip() for _line, values in table.rows}
    reading = _Reading(by, now, registry.units_by_codes(codes))
    rows = [row for line, values in table.rows if (row := _row(reading, line, values)) is not None]
    if reading.problems:
        intake = services.Intake()
    else:
        intake = services.open_arrivals(
            arrivals=[row.arrival for row in rows],
            by=by,
            now=now,
            dry_run=dry_run,
            progress=(lambda done: progress(done, len(rows))) if progress else None,
        )
    for place, refusal in intake.refusals:
        reading.refuse(rows[place].line, refusal.field, _(refusal.message), **refusal.params)
    if progress:
        progress(len(table.rows), len(table.rows))
    return ImportReport(
        kind=KIND,
        rows=len(table.rows),
        created=intake.created,
        unchanged=intake.known,
        problems=tuple(reading.problems),
        dry_run=dry_run,
    )


def _row(reading: _Reading, line: int, values: Mapping[str, str]) -> _Row | None:
    """The line as an order; every problem of it is noted, and then there is no row."""
    before = len(reading.problems)
    get = {code: values.get(code, "").strip() for code in TITLES}
    _check_texts(reading, line, get)
    unit = _unit(reading, line, get["area_code"])
    phone = _phone(reading, line, get["phone"])
    opened_at = _time(reading, line, get["opened_at"])
    lon, lat = _point(reading, line, get)
    if unit is None or opened_at is None:
        return None
    named = _named(reading, line, get)
    if len(reading.problems) > before:
        return None
    order = NewOrder(
        client_key=f"workbook:{get['key']}",
        area_code=unit.code,
        title=get["title"],
        detail=get["detail"],
        served_for="self",
        address=get["address"],
        lon=lon,
        lat=lat,
        flow=named["flow"],
        service=named["service"],
        category=named["category"],
        caller_kind=named["caller_kind"],
        channel=named["channel"],
    )
    return _Row(line, Arrival(order, opened_at, get["name"], phone, get["honorific"]))


def _check_texts(reading: _Reading, line: int, get: Mapping[str, str]) -> None:
    for column in COLUMNS:
        text = get[column.code]
        if column.required and not text:
            reading.refuse(line, column.code, _("必填，不能空着"))
        most = MOST.get(column.code, 60)
        if len(text) > most:
            reading.refuse(line, column.code, _("太长：不超过 {most} 个字"), most=most)
    if not get["service"] and not get["detail"]:
        reading.refuse(line, "detail", _("请写明需要什么，或填服务项目"))
    if not get["service"] and not get["category"]:
        reading.refuse(line, "category", _("服务项目和类别至少填一个"))
    if get["key"] in reading.keys:
        reading.refuse(line, "key", _("与第 {first} 行重复"), first=reading.keys[get["key"]])
    elif get["key"]:
        reading.keys[get["key"]] = line


def _unit(reading: _Reading, line: int, code: str) -> UnitCard | None:
    unit = reading.units.get(code)
    if not code:
        return None
    if unit is None:
        reading.refuse(line, "area_code", _("没有编码为 {key} 的单位"), key=code)
    elif not reading.by.may("case.open", code):
        reading.refuse(line, "area_code", _("不在您管理的范围内"))
    return unit


def _phone(reading: _Reading, line: int, text: str) -> str:
    try:
        return registry_services.plain_phone(text) if text else ""
    except RuleBroken as error:
        reading.refuse(line, "phone", _(error.message), **error.params)
        return ""


def _time(reading: _Reading, line: int, text: str) -> datetime | None:
    """An office writes local wall time."""
    if not text:
        return reading.now
    for form in TIMES:
        try:
            at = datetime.strptime(text, form).replace(tzinfo=CHINA)
        except ValueError:
            continue
        if at > reading.now:
            reading.refuse(line, "opened_at", _("提交时间在将来，请核对"))
        return at
    reading.refuse(line, "opened_at", _("时间“{value}”看不懂，请写成 2026-01-26 09:38"), value=text)
    return None


def _point(reading: _Reading, line: int, get: Mapping[str, str]) -> tuple[float | None, float | None]:
    if not get["lon"] and not get["lat"]:
        return None, None
    found: list[float] = []
    for code, limit in (("lon", 180), ("lat", 90)):
        try:
            degrees = float(get[code])
        except ValueError:
            degrees = limit + 1.0
        if not -limit <= degrees <= limit:
            reading.refuse(line, code, _("应为 {least} 到 {most} 的度数"), least=-limit, most=limit)
        found.append(degrees)
    return found[0], found[1]


def _named(reading: _Reading, line: int, get: Mapping[str, str]) -> dict[str, str]:
    """Codes of everything a row names by code or by title."""
    words = reading.words_at(get["area_code"])
    named = {}
    for code, known in (
        ("service", words.services),
        ("category", words.categories),
        ("flow", words.flows),
        ("caller_kind", words.callers),
        ("channel", words.channels),
    ):
        if get[code] and get[code] not in known:
            reading.refuse(line, code, _("“{word}”不在目录里"), word=get[code])
        named[code] = known.get(get[code], "")
    return named | {
        "caller_kind": named["caller_kind"] or "resident",
        "channel": named["channel"] or "workbook",
    }


def _words(pack_code: str) -> _Words:
    menu = queries.menu(pack_code)
    callers = [caller for flow in menu.flows.values() for caller in flow.callers]
    return _Words(
        services={n: s.code for s in menu.services.values() for n in (s.title, s.title_en, s.code)},
        categories={n: c.code for c in menu.categories.values() for n in (c.title, c.title_en, c.code)},
        flows={n: f.code for f in menu.flows.values() for n in (f.title, f.title_en, f.code)},
        callers={n: c.caller for c in callers for n in (c.title, c.title_en, c.caller)},
        channels={
            n: code for code, title in counters.titles_of("channel", pack_code).items() for n in (title, code)
        },
    )


register_importer(Importer(KIND, "点单与诉求", "Orders and demands", import_demands, COLUMNS, order=60))

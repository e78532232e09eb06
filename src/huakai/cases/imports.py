"""demands.xlsx: orders and demands from another register (hotline, counter), each opened once by its own number."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huakai.cases import services
from huakai.cases.models import Case
from huakai.cases.types import NewOrder
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
from huakai.registry import services as registry
from huakai.registry.types import Actor

COLUMNS = (
    Column("key", "外部单号", "Number elsewhere", True, N_("原系统里的单号；同一单号只建一张单子")),
    Column("flow", "流程", "Flow", hint=N_("可空：按服务项目或类别自动确定")),
    Column("service", "服务项目", "Service", hint=N_("服务目录里的编码；点单填这一列")),
    Column("category", "类别", "Category", hint=N_("诉求类别的编码；诉求填这一列")),
    Column(
        "caller_kind", "来电人类型", "Kind of caller", hint=N_("resident 民呼、enterprise 企呼；空为民呼")
    ),
    Column(
        "channel",
        "来源",
        "Channel",
        hint=N_("phone_page、hotline、counter、grid、mini_program；空为表格导入"),
    ),
    Column("name", "姓名", "Name", True),
    Column("honorific", "称谓", "Honorific"),
    Column("phone", "手机", "Phone", True),
    Column("area_code", "区域编码", "Unit code of the area", True, N_("所在村（社区）的编码")),
    Column("address", "地址", "Address"),
    Column("lon", "经度", "Longitude", hint="WGS-84"),
    Column("lat", "纬度", "Latitude", hint="WGS-84"),
    Column("title", "标题", "Title"),
    Column("detail", "内容", "Text"),
    Column("opened_at", "提交时间", "Handed in at", hint=N_("例如 2026-03-01 09:30；空为导入时间")),
)
TITLES = {column.code: column.title for column in COLUMNS}
PREFIX = "import:"
LONGEST_KEY = 64 - len(PREFIX)
MOST_PROBLEMS = 500
COLUMN_OF = {"area": "area_code", "home_code": "area_code"}
"""Where a refusal of the case engine names an input differently from the file."""


@dataclass
class _Run:
    """One file while it is read."""

    by: Actor
    now: datetime
    created: int = 0
    unchanged: int = 0
    problems: list[ImportLine] = field(default_factory=list)

    def refuse(self, row: int, code: str, reason: str, **params: object) -> None:
        self.problems.append(problem(row, TITLES.get(code, code), reason, **params))


def import_demands(
    *, table: Table, dry_run: bool, by: Actor, now: datetime, progress: Progress | None = None
) -> ImportReport:
    """Open a case per row, at the time it was handed in. A known number is left as it is; any problem undoes all."""
    run = _Run(by, now)
    keys = {PREFIX + row.get("key", "").strip() for _line, row in table.rows}
    known = set(Case.objects.filter(client_key__in=keys).values_list("client_key", flat=True))
    seen: dict[str, int] = {}
    with transaction.atomic():
        for at, (line, row) in enumerate(table.rows, start=1):
            _one(run, line, {code: row.get(code, "").strip() for code in TITLES}, known, seen)
            if progress:
                progress(at, len(table.rows))
            if len(run.problems) >= MOST_PROBLEMS:
                break
        if dry_run or run.problems:
            transaction.set_rollback(True)
    return ImportReport(
        kind="demands",
        rows=len(table.rows),
        created=run.created,
        unchanged=run.unchanged,
        problems=tuple(run.problems),
        dry_run=dry_run,
    )


def _one(run: _Run, line: int, row: dict[str, str], known: set[str], seen: dict[str, int]) -> None:
    key = row["key"]
    if not key or len(key) > LONGEST_KEY:
        run.refuse(line, "key", _("必填，不超过 {most} 个字"), most=LONGEST_KEY)
        return
    if key in seen:
        run.refuse(line, "key", _("与第 {other} 行重复"), other=seen[key])
        return
    seen[key] = line
    if PREFIX + key in known:
        run.unchanged += 1
        return
    before = len(run.problems)
    point, opened_at = _point(run, line, row), _moment(run, line, row["opened_at"])
    for code in ("name", "phone", "area_code"):
        if not row[code]:
            run.refuse(line, code, _("必填，不能空着"))
    if len(run.problems) > before:
        return
    try:
        with transaction.atomic():
            _open(run, row, point, opened_at)
    except RuleBroken as error:
        reason = _(error.message).format(**error.params)
        run.refuse(
            line, COLUMN_OF.get(error.field, error.field), reason.replace("{", "{{").replace("}", "}}")
        )
    else:
        run.created += 1


def _open(run: _Run, row: dict[str, str], point: tuple[Any, Any], opened_at: datetime) -> None:
    requester = registry.find_or_make_person(
        name=row["name"],
        phone=row["phone"],
        honorific=row["honorific"],
        home_code=row["area_code"],
        by=run.by,
        now=run.now,
    )
    order = NewOrder(
        client_key=PREFIX + row["key"],
        flow=row["flow"],
        area_code=row["area_code"],
        category=row["category"],
        service=row["service"],
        title=row["title"],
        detail=row["detail"],
        caller_kind=row["caller_kind"] or "resident",
        channel=row["channel"] or "workbook",
        requester_id=requester,
        address=row["address"],
        lon=point[0],
        lat=point[1],
    )
    services.open_case(order=order, by=run.by, now=opened_at)


def _point(run: _Run, line: int, row: dict[str, str]) -> tuple[float | None, float | None]:
    if not row["lon"] and not row["lat"]:
        return None, None
    try:
        lon, lat = float(row["lon"]), float(row["lat"])
    except ValueError:
        lon, lat = 999.0, 999.0
    if abs(lon) <= 180 and abs(lat) <= 90:
        return lon, lat
    run.refuse(line, "lon", _("经度和纬度要一起填，用十进制度数"))
    return None, None


def _moment(run: _Run, line: int, text: str) -> datetime:
    """Local wall time as offices write it; empty: now."""
    if not text:
        return run.now
    try:
        moment = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        run.refuse(line, "opened_at", _("时间“{value}”看不懂，请写成 2026-03-01 09:30"), value=text)
        return run.now
    moment = moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
    if moment > run.now:
        run.refuse(line, "opened_at", _("提交时间不能晚于现在"))
        return run.now
    return moment


register_importer(Importer("demands", "点单与诉求", "Orders and demands", import_demands, COLUMNS, order=60))

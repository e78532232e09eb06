"""What is asked of the search, of words and of plain substring in turn, and the tables of the answers."""

import re
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Q

from bench import stock, wishes
from huakai.cases import queries as cases
from huakai.cases import services
from huakai.cases.queries import rows, search
from huakai.cases.types import CaseFilter
from huakai.config import terminal
from huakai.kernel.clock import SystemClock
from huakai.packs import queries as packs
from huakai.packs import services as pack_services
from huakai.registry import queries as registry
from huakai.registry.access import token_hash
from huakai.registry.types import Actor

SQL = dict(
    re.findall(
        r"^-- name: (\w+)\n(.*?)(?=^-- name: |\Z)",
        Path(__file__).with_name("search.sql").read_text(),
        re.MULTILINE | re.DOTALL,
    )
)
Times = list[tuple[float, str]]
QUESTIONS = {
    "frequent": ("路灯", "希望尽快", "物业", "垃圾", "井盖", "反映", "小区", "回访"),
    "middling": ("窨井盖", "广场舞", "马蜂窝", "僵尸车", "楼顶阳光房", "配电室", "大棚", "学区划片", "凉亭", "泵房"),
    "rare": ("渡槽", "导盲犬", "皂角树", "心脏除颤仪", "祠堂", "苇塘", "碑廊", "反光镜"),
    "two words": ("路灯 花园", "景德路 井盖", "独居老人 理发", "燃气表 长乐", "电动车 飞线充电", "银杏 小区",
                  "戏台 不满意", "水管冻裂 村"),
    "no hit": ("彩虹桥", "飞碟", "恐龙 路灯", "外星人来了", "zzz", "麦克斯韦"),
    "one character": ("修", "灯", "狗", "桂", "碑", "的"),
    "sentence": ("桂花园的路灯坏了", "暖气不热交了费", "3栋2单元水管冻裂了", "菜市场旁烧烤摊油烟呛人吵得睡不着"),
}  # fmt: skip


def run(*, cases: int, rounds: int) -> None:
    """Load unless it is there; then measure and tell."""
    now = SystemClock().now()
    load(cases, now)
    search.cut("先把词典读进来")
    for token, scope in _readers(now):
        actor = registry.actor_of_token(token_hash(token), now)
        assert actor is not None
        terminal.plain(
            f"\n{scope}: first page of 50, newest first; ms, p50 / p95 / most over {rounds} rounds"
        )
        terminal.plain(f"{'':15} {'words':>24} {'second page':>24} {'plain substring':>24}")
        measured = [_Asked(kind) for kind in QUESTIONS]
        for each in measured:
            each.ask(actor, rounds, now)
            each.tell()
        _Asked.of_all(measured).tell()


def load(count: int, now: datetime) -> None:
    """Tables, packs, registry, cases and their words."""
    call_command("migrate", interactive=False, verbosity=0)
    pack_services.publish(pack_code=stock.PLACE, root=settings.PACKS_ROOT, by=None, now=now)
    if registry.unit_by_code(stock.DISTRICT) is None:
        stock.import_registry(now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case")
        if cursor.fetchone()[0] < count:
            _cases(cursor, count)
            _index(cursor, count)
        cursor.execute("SELECT pg_relation_size('cases_case'), pg_relation_size('cases_casewords'),"
                       " pg_relation_size('case_by_words')")  # fmt: skip
        case, words, index = (size / 2**20 for size in cursor.fetchone())
    terminal.plain(f"{count} cases: {case:.0f} MB; their words {words:.0f} MB, GIN index {index:.0f} MB")


def _cases(cursor: Any, count: int) -> None:
    parameters = {"edition": packs.current(stock.PLACE).id, "cases": count}
    with terminal.progress(f"loading {count} cases"):
        cursor.execute("SELECT setseed(0.42)")
        for part in ("volunteers", "residents"):
            cursor.execute(stock.SQL[part])
        stock.offer_menu(cursor)
        cursor.execute("ANALYZE registry_person, registry_volunteer")
        cursor.execute(stock.SQL["plan"], parameters)
        cursor.execute(SQL["told"])
        with cursor.copy("COPY told FROM STDIN") as copy:
            for number, texts in enumerate(wishes.told(count), start=1):
                copy.write_row((number, *texts))
        cursor.execute(SQL["cases"], parameters)
        cursor.execute("DROP TABLE plan")


def _index(cursor: Any, count: int) -> None:
    started = time.perf_counter()
    with terminal.progress(f"indexing {count} cases") as report:
        services.index_all(report=report)
    took = time.perf_counter() - started
    cursor.execute("VACUUM ANALYZE cases_case, cases_casewords")
    cursor.execute("SELECT avg(length(words)) FROM (SELECT words FROM cases_casewords LIMIT 20000) AS sample")
    each = float(cursor.fetchone()[0])
    terminal.plain(
        f"indexed {count / took:.0f} cases/s, {each * count / took:.0f} lexemes/s, {each:.0f} lexemes a case"
    )


def _readers(now: datetime) -> list[tuple[str, str]]:
    return [
        (stock.token("19900009802", stock.DISTRICT, "centre_staff", now), "whole district"),
        (stock.token("19900009803", stock.STREET, "street_staff", now), "one street"),
    ]


@dataclass
class _Asked:
    """One kind of question, and how long each answer took: (milliseconds, question)."""

    kind: str
    first: Times = field(default_factory=list)
    second: Times = field(default_factory=list)
    plain: Times = field(default_factory=list)

    @classmethod
    def of_all(cls, kinds: "list[_Asked]") -> "_Asked":
        """The whole mixture as one kind."""
        parts = (
            [time for each in kinds for time in getattr(each, name)] for name in ("first", "second", "plain")
        )
        return cls("all", *parts)

    def ask(self, actor: Actor, rounds: int, now: datetime) -> None:
        """Words and their second page in each round; plain substring once, it takes seconds."""
        for round_ in range(rounds):
            for text in QUESTIONS[self.kind]:
                wanted = CaseFilter(search=text)
                with _timing(self.first, text):
                    page = cases.case_list(actor, wanted, now=now)
                if page.next_cursor:
                    with _timing(self.second, text):
                        cases.case_list(actor, wanted, now=now, cursor=page.next_cursor)
                if round_ == 0:
                    with _timing(self.plain, text):
                        _substring(actor, text)

    def tell(self) -> None:
        """One line of the table, with the question that took longest."""
        cells = "".join(f"{_line(times):>25}" for times in (self.first, self.second, self.plain))
        terminal.plain(f"{self.kind:15}{cells}  most: {max(self.first)[1]}")


@contextmanager
def _timing(into: Times, text: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    into.append((1000 * (time.perf_counter() - started), text))


def _line(found: Times) -> str:
    if not found:
        return "–"
    times = sorted(took for took, _ in found)
    return f"{statistics.median(times):.1f} / {times[int(0.95 * (len(times) - 1))]:.1f} / {times[-1]:.1f}"


def _substring(actor: Actor, text: str) -> Any:
    """As the list searched before: every word anywhere in the texts."""
    found = rows.visible(actor)
    for word in text.split():
        found = found.filter(
            Q(title__icontains=word) | Q(detail__icontains=word) | Q(result_text__icontains=word)
        )
    return rows.listed(found.order_by("-id")[:51])

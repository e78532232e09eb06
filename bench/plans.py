"""Do the lists use their indexes on a full table? EXPLAIN ANALYZE of the very queries the API sends."""

import re
from typing import Any

from django.db import connection

from bench.stock import Stock
from huakai.cases import queries as cases
from huakai.cases.types import CaseFilter
from huakai.config import terminal
from huakai.kernel.clock import SystemClock
from huakai.registry import queries as registry
from huakai.registry.access import token_hash

WALK = "Seq Scan on cases_case"


def tell(goods: Stock) -> None:
    """One line per query: time, the indexes it used, and whether it walked the whole table."""
    now = SystemClock().now()
    centre = registry.actor_of_token(token_hash(goods.centre), now)
    street = registry.actor_of_token(token_hash(goods.street), now)
    resident = registry.actor_of_token(token_hash(goods.residents[0]), now)
    assert centre is not None
    assert street is not None
    assert resident is not None
    wanted: list[tuple[str, Any, CaseFilter, str]] = [
        ("list, whole district", centre, CaseFilter(), ""),
        ("last page, whole district", centre, CaseFilter(), "last"),
        ("list, one street", street, CaseFilter(), ""),
        ("list, one community", centre, CaseFilter(area=goods.area), ""),
        ("list, own cases of a resident", resident, CaseFilter(), ""),
        ("open by due date", centre, CaseFilter(status="open", order="due"), ""),
        ("open by due date, one street", street, CaseFilter(status="open", order="due"), ""),
        ("overdue, one street", street, CaseFilter(view="overdue", order="due"), ""),
        ("one stage", centre, CaseFilter(stage="ordered", status="open"), ""),
    ]
    terminal.plain("\nqueries on the full table (EXPLAIN ANALYZE)")
    for title, actor, narrowed, cursor in wanted:
        with seen() as queries:
            cases.case_list(actor, narrowed, now=now, cursor=cursor, limit=50)
        for sql, params in queries:
            if "cases_case" in sql:
                _tell(title, sql, params)


def _tell(title: str, sql: str, params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF) {sql}", params)
        lines = [line for (line,) in cursor.fetchall()]
    used = sorted(set(re.findall(r"(?:using|on) (case_\w+|cases_case_\w+)", "\n".join(lines))))
    time = next(line.split(":")[1].strip() for line in lines if line.startswith("Execution Time"))
    walked = "  WALKS THE TABLE" if any(WALK in line for line in lines) else ""
    terminal.plain(f"  {title:32} {time:>12}  {', '.join(used)}{walked}")


class seen:
    """The queries of a block with their parameters."""

    def __enter__(self) -> list[tuple[str, Any]]:
        self.found: list[tuple[str, Any]] = []
        self.wrapper = connection.execute_wrapper(self._note)
        self.wrapper.__enter__()
        return self.found

    def __exit__(self, *problem: Any) -> None:
        self.wrapper.__exit__(*problem)

    def _note(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.found.append((sql, params))
        return execute(sql, params, many, context)

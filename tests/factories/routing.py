"""Routing tables for tests, in few words."""

from datetime import UTC, datetime
from typing import Any

from huakai.cases.definitions.routing import PowerBook, RoutingTable
from huakai.cases.rules.routing import RouteFacts, Table, table_of

HEAD = {"schema_version": 1, "title": "规则", "title_en": "Rules"}
AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
"""Tuesday 10:00 in China."""
KINDS = {"district": "370402", "street": "370402002", "community": "370402002001"}


def file_of(
    *rules: dict[str, Any], level: Any = ("town", "street", "district", "city"), **head: Any
) -> dict[str, Any]:
    """A routing file; each rule names its `number`, `to` and whatever it asks for."""
    lines = [
        {
            "number": rule.pop("number"),
            "to": rule.pop("to"),
            "prevails": rule.pop("prevails", False),
            "because": "有规定",
            "because_en": "It is laid down",
            "when": rule,
        }
        for rule in map(dict, rules)
    ]
    fallback = {"to": {"level": list(level)}, "because": "兜底", "because_en": "Nobody else"}
    return {**HEAD, "code": "default", "rules": lines, "otherwise": fallback, **head}


def table(*rules: dict[str, Any], lists: dict[str, Any] | None = None, **more: Any) -> Table:
    """The table of such a file, with lists of powers and items."""
    books = [PowerBook.model_validate({**HEAD, "code": "lists", **lists})] if lists else []
    return table_of([RoutingTable.model_validate(file_of(*rules, **more))], books)


def facts(**changes: Any) -> RouteFacts:
    """A road demand in the cast's community."""
    fields: dict[str, Any] = {
        "area_code": "370402002001",
        "at": AT,
        "category": "road",
        "flow": "demand",
        "area_kinds": KINDS,
    }
    return RouteFacts(**(fields | changes))


LISTS: dict[str, Any] = {
    "kinds": [
        {"code": "penalty", "title": "行政处罚", "title_en": "Penalties"},
        {"code": "approval", "title": "审批事项", "title_en": "Approvals"},
        {"code": "city_order", "title": "市容秩序", "title_en": "City order"},
    ],
    "powers": [
        {
            "code": "cf001",
            "title": "占道经营处罚",
            "kind": "penalty",
            "department": "370402D02",
            "delegated": [
                {"towns": ["370402002"], "since": "2026-01-01", "until": "2026-06-01"},
                {"towns": ["370402004"], "since": "2026-04-01"},
            ],
        },
        {"code": "sp001", "title": "临时占道审批", "kind": "approval", "department": "370402D01"},
    ],
    "items": [{"code": "gd01", "title": "井盖缺失", "kind": "city_order", "owner": "370402D02"}],
}
"""Two powers, one of them delegated to a town today and to the other town from April on; one item."""

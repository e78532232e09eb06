"""Does a routing file make sense within its pack? Unknown names are errors; gaps and contradictions warnings."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from huakai.cases.definitions import Catalogue, Flow
from huakai.cases.definitions.routing import PowerBook, RoutingRule, RoutingTable
from huakai.cases.rules.routing import Table, table_of
from huakai.cases.rules.routing_lint import Area, conflicts, gaps
from huakai.cases.types import Effect
from huakai.kernel.errors import N_
from huakai.packs.types import PackView, Problem
from huakai.registry.definitions import RegistryBook, UnitKind

Names = Mapping[str, Collection[str]]
UNKNOWN = {
    "category": N_("没有类别{code}"),
    "flow": N_("没有流程{code}"),
    "service": N_("没有服务{code}"),
    "caller": N_("没有来电人类型{code}"),
    "place_kind": N_("没有阵地类型{code}"),
    "power": N_("没有事项种类{code}"),
    "item": N_("没有事项种类{code}"),
}


def routing_problems(file: RoutingTable, view: PackView) -> list[Problem]:
    """Unknown words, numbers given twice, a fallback that is missing or may lead nowhere; gaps and conflicts."""
    names = _names(view)
    found = [p for at, rule in enumerate(file.rules) for p in _rule_problems(rule, f"rules.{at}", names)]
    found += _number_problems(file, view) + _fallback_problems(file, view)
    if found:
        return found
    table = table_in(view)
    return _conflict_problems(file, table) + (_gap_problems(table, view) if file.otherwise else [])


def table_in(view: PackView) -> Table:
    """The whole table of a pack."""
    catalogues = [f for f in view.all("catalogue").values() if isinstance(f, Catalogue)]
    routes = [route for each in catalogues for route in each.routes]
    return table_of(view.all("routing").values(), view.all("powers").values(), routes)


def _names(view: PackView) -> Names:
    """Every word a rule may use."""
    catalogues = [f for f in view.all("catalogue").values() if isinstance(f, Catalogue)]
    books = [b for b in view.all("registry").values() if isinstance(b, RegistryBook)]
    lists = [b for b in view.all("powers").values() if isinstance(b, PowerBook)]
    flows = {code: f for code, f in view.all("cases").items() if isinstance(f, Flow)}
    kinds = {kind.code for book in lists for kind in book.kinds}
    return {
        "category": {c.code for f in catalogues for c in f.categories},
        "service": {s.code for f in catalogues for s in f.services},
        "flow": set(flows),
        "caller": {c.caller for f in flows.values() for c in f.callers},
        "place_kind": {k.code for b in books for k in b.place_kinds},
        "level": {k.code for b in books for k in b.unit_kinds},
        "power": kinds,
        "item": kinds,
    }


def _rule_problems(rule: RoutingRule, path: str, names: Names) -> list[Problem]:
    found = []
    for name, message in UNKNOWN.items():
        given = getattr(rule.when, name)
        codes = given if isinstance(given, tuple) else ()
        found += _unknown(f"{path}.when.{name}", codes, names[name], message)
    return found + _unknown(f"{path}.to.level", rule.to.level or (), names["level"], N_("没有单位类型{code}"))


def _unknown(path: str, codes: Iterable[str], known: Collection[str], message: str) -> list[Problem]:
    return [Problem(path, message, params={"code": code}) for code in codes if code not in known]


def _number_problems(file: RoutingTable, view: PackView) -> list[Problem]:
    """A number is one rule's, in all files together."""
    files: dict[str, Any] = view.all("routing")
    taken = [rule.number for each in files.values() for rule in each.rules]
    return [
        Problem(f"rules.{at}.number", N_("规则号 {number} 用了两次"), params={"number": rule.number})
        for at, rule in enumerate(file.rules)
        if taken.count(rule.number) > 1
    ]


def _fallback_problems(file: RoutingTable, view: PackView) -> list[Problem]:
    """Exactly one file says who takes the rest, and that unit is there wherever the case lies."""
    files: dict[str, Any] = view.all("routing")
    number = sum(each.otherwise is not None for each in files.values())
    if number != 1:
        message = N_("兜底（otherwise）要有且只能有一处，现在有 {number} 处")
        return [Problem("otherwise", message, params={"number": number})]
    if file.otherwise is None or file.otherwise.to.level is None:
        return []
    kinds = {
        k.code: k for b in view.all("registry").values() if isinstance(b, RegistryBook) for k in b.unit_kinds
    }
    level = file.otherwise.to.level
    found = _unknown("otherwise.to.level", level, kinds, N_("没有单位类型{code}"))
    homeless = sorted(code for code in kinds if not _is_under(code, set(level), kinds, frozenset()))
    if homeless:
        message = N_("在{code}一级的单位之上不一定有兜底的单位，请补上更高一级")
        found.append(Problem("otherwise.to.level", message, params={"code": "、".join(homeless)}))
    return found


def _is_under(code: str, levels: set[str], kinds: Mapping[str, UnitKind], seen: frozenset[str]) -> bool:
    """Is there a unit of the levels at or above every unit of this kind, whichever way up one goes?"""
    if code in levels:
        return True
    above = kinds[code].under if code in kinds else ()
    return bool(above) and code not in seen and all(_is_under(k, levels, kinds, seen | {code}) for k in above)


def _conflict_problems(file: RoutingTable, table: Table) -> list[Problem]:
    """Those whose later rule stands in this file."""
    places = {rule.number: f"rules.{at}" for at, rule in enumerate(file.rules)}
    messages = {
        "never": N_("规则 {number} 永远轮不到：前面的规则 {earlier} 已经接走"),
        "overlap": N_(
            "规则 {number} 与规则 {earlier} 有重叠而去向不同，由先后次序决定；有意如此请写 prevails"
        ),
    }
    return [
        Problem(
            places[each.number],
            messages[each.kind],
            "warning",
            params={"number": each.number, "earlier": "、".join(map(str, each.earlier))},
        )
        for each in conflicts(table)
        if each.number in places
    ]


def _gap_problems(table: Table, view: PackView) -> list[Problem]:
    """Categories handled by units that only the fallback catches, once the place names any category at all."""
    names = _names(view)
    if not any(line.rule.when.category for line in table.lines):
        return []
    areas = {view.root_code, *(prefix for line in table.lines for prefix in line.rule.when.area or ())}
    callers = sorted(names["caller"]) or ["resident"]
    open_ = gaps(table, routed_categories(view), [Area(code) for code in sorted(areas)], callers)
    codes = dict.fromkeys(each.category for each in open_)
    if not codes:
        return []
    message = N_("这些类别有时只能由兜底规则接：{codes}")
    return [Problem("rules", message, "warning", params={"codes": "、".join(codes)})]


def routed_categories(view: PackView) -> list[Any]:
    """The categories whose flow hands cases to a unit."""
    flows = {code for code, f in view.all("cases").items() if isinstance(f, Flow) and hands_to_units(f)}
    catalogues = [f for f in view.all("catalogue").values() if isinstance(f, Catalogue)]
    return [c for f in catalogues for c in f.categories if c.flow in flows]


def hands_to_units(flow: Flow) -> bool:
    """Does some move of the flow assign a unit?"""
    return any(move.effect == Effect.ASSIGN for stage in flow.stages for move in stage.moves)


def power_problems(book: PowerBook, view: PackView) -> list[Problem]:
    """Codes given twice in all lists, kinds no list names, delegations that end before they begin."""
    books = [b for b in view.all("powers").values() if isinstance(b, PowerBook)]
    kinds = {kind.code for each in books for kind in each.kinds}
    found: list[Problem] = []
    for part in ("powers", "items"):
        taken = [each.code for one in books for each in getattr(one, part)]
        twice = {code for code in taken if taken.count(code) > 1}
        for at, each in enumerate(getattr(book, part)):
            path = f"{part}.{at}"
            if each.code in twice:
                found.append(Problem(f"{path}.code", N_("事项{code}列了两次"), params={"code": each.code}))
            found += _unknown(f"{path}.kind", [each.kind], kinds, N_("没有事项种类{code}"))
    for at, power in enumerate(book.powers):
        for nth, each in enumerate(power.delegated):
            if each.until is not None and each.until <= each.since:
                found.append(Problem(f"powers.{at}.delegated.{nth}.until", N_("终止日期要晚于起始日期")))
    return found

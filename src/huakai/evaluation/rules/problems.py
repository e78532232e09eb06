"""What is wrong with a board template, beyond its shape: told by `packs check` with the path."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from huakai.evaluation.definitions import (
    Board,
    Direct,
    Line,
    Named,
    NamedList,
    NoneClaimed,
    Places,
    Ranking,
    WeightedAverage,
)
from huakai.kernel.errors import N_
from huakai.packs.types import PackView, Problem


def problems_of(board: Board, view: PackView) -> list[Problem]:
    """Every mistake in the template."""
    found = list(_doubles("groups", [g.code for g in board.groups]))
    found += _doubles("groups", [g.unit_group for g in board.groups])
    found += _doubles("sections", [s.code for s in board.sections])
    found += _doubles("sections", [i.code for s in board.sections for i in s.items])
    groups = {g.code for g in board.groups}
    for path, ranking in _rankings(board):
        found += _scope(path, ranking, groups)
        found += _cuts(path, ranking)
        found += _method(path, ranking)
    for s, section in enumerate(board.sections):
        for i, item in enumerate(section.items):
            found += _doubles(f"sections.{s}.items.{i}.sub_items", [sub.code for sub in item.sub_items])
    return found


def _rankings(board: Board) -> Iterator[tuple[str, Ranking]]:
    for s, section in enumerate(board.sections):
        for i, item in enumerate(section.items):
            path = f"sections.{s}.items.{i}"
            if item.ranking is not None:
                yield f"{path}.ranking", item.ranking
            for n, sub in enumerate(item.sub_items):
                yield f"{path}.sub_items.{n}.ranking", sub.ranking


def _doubles(path: str, codes: list[str]) -> Iterator[Problem]:
    for code, times in Counter(codes).items():
        if times > 1:
            yield Problem(path, N_("代码 {code} 出现了 {times} 次"), params={"code": code, "times": times})


def _scope(path: str, ranking: Ranking, groups: set[str]) -> Iterator[Problem]:
    named = ranking.yellow.groups if isinstance(ranking.yellow, NoneClaimed) else ()
    for group in (*ranking.groups, *named):
        if group not in groups:
            yield Problem(f"{path}.groups", N_("没有名为 {group} 的分组"), params={"group": group})
    if not ranking.groups and not ranking.units:
        yield Problem(path, N_("没有写明参评的分组或单位"))
    if ranking.red is None and ranking.yellow is None:
        yield Problem(path, N_("红榜、黄榜都没有，本项不会公布任何名单"))


def _cuts(path: str, ranking: Ranking) -> Iterator[Problem]:
    named = isinstance(ranking.method, NamedList)
    for name, cut in (("red", ranking.red), ("yellow", ranking.yellow)):
        if cut is not None and isinstance(cut, Named | NoneClaimed) != named:
            message = N_("取榜方式与办法不配：名单用 named、none_claimed，排名用 places、line")
            yield Problem(f"{path}.{name}", message)
    if isinstance(ranking.red, NoneClaimed):
        yield Problem(f"{path}.red", N_("none_claimed 只用于黄榜"))
    if isinstance(ranking.yellow, Named):
        yield Problem(f"{path}.yellow", N_("named 只用于红榜"))
    if not ranking.groups and len(ranking.units) == 1 and isinstance(ranking.yellow, Places):
        message = N_("只有一个单位承担，取名次没有意义，请改用 line（提醒线）")
        yield Problem(f"{path}.yellow", message)


def _method(path: str, ranking: Ranking) -> Iterator[Problem]:
    match ranking.method:
        case WeightedAverage() as method:
            yield from _weights(f"{path}.method", method)
        case NamedList() as method:
            if isinstance(ranking.yellow, NoneClaimed) != (method.claims is not None):
                message = N_("黄榜按“一项未争取”列名时须写明 claims，否则不写")
                yield Problem(f"{path}.method.claims", message)
        case Direct() as method:
            for name, cut in (("red", ranking.red), ("yellow", ranking.yellow)):
                if isinstance(cut, Line) and cut.value != round(cut.value, method.decimals):
                    yield Problem(f"{path}.{name}", N_("界线的小数位多于本项公布的小数位"))


def _weights(path: str, method: WeightedAverage) -> Iterator[Problem]:
    components = f"{path}.components"
    total = sum((c.weight for c in method.components), Decimal(0))
    if total != 1:
        yield Problem(components, N_("权重之和是 {total}，应当恰好等于 1"), params={"total": str(total)})
    yield from _doubles(components, [c.code for c in method.components])
    scaled = {c.worst is not None for c in method.components}
    if len(scaled) > 1:
        yield Problem(components, N_("要么每个分项都有 worst、best，要么都没有"))
    if scaled == {True} and method.direction.better != "more":
        yield Problem(f"{path}.direction", N_("换算成百分的得分只能越高越好"))
    if scaled == {False} and len({c.measure for c in method.components}) > 1:
        yield Problem(components, N_("计量单位不同的分项须写明 worst、best，先换算再加权"))

"""What `packs check` says about a board template."""

from typing import Any

import pytest

from huakai.evaluation.definitions import Board
from huakai.evaluation.rules import problems
from huakai.packs.types import PackView
from tests.factories.evaluation import three_compare

VIEW = PackView(pack_code="p", title="p", title_en="p", root_code="370402", models={})


def test_the_shipped_board_is_sound() -> None:
    assert problems.problems_of(three_compare(), VIEW) == []


def _spoil(change: Any) -> list[str]:
    data = three_compare().model_dump(mode="json")
    change(data)
    found = problems.problems_of(Board.model_validate(data), VIEW)
    return [f"{problem.path}: {problem.message.format(**problem.params)}" for problem in found]


def _attraction(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = data["sections"][0]["items"][1]["ranking"]
    return found


def _high_tech(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = data["sections"][1]["items"][9]["ranking"]
    return found


def _unscaled(data: dict[str, Any]) -> None:
    for component in _attraction(data)["method"]["components"]:
        component.update(worst=None, best=None)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: _attraction(d)["method"]["components"][0].update(weight="0.3"), "权重之和是 0.9"),
        (lambda d: _attraction(d)["groups"].append("village"), "没有名为 village 的分组"),
        (
            lambda d: _attraction(d)["method"]["components"][0].update(worst=None, best=None),
            "都有 worst、best",
        ),
        (lambda d: _attraction(d)["method"]["direction"].update(better="less"), "越高越好"),
        (lambda d: _attraction(d).update(red=None, yellow=None), "不会公布任何名单"),
        (lambda d: _attraction(d).update(groups=[], units=[]), "参评"),
        (lambda d: _attraction(d).update(red={"cut": "named"}), "不配"),
        (
            lambda d: _high_tech(d).update(yellow={"cut": "places", "count": 1}),
            "提醒线",
        ),
        (lambda d: _high_tech(d)["yellow"].update(value="0.05"), "小数位"),
        (lambda d: d["sections"][1]["items"][1].update(code="fixed_investment"), "出现了 2 次"),
        (lambda d: d["sections"][2]["items"][0]["ranking"]["method"].update(claims=None), "claims"),
        (lambda d: d["sections"][2]["items"][0]["ranking"].update(yellow={"cut": "named"}), "只用于红榜"),
        (lambda d: _high_tech(d).update(red={"cut": "none_claimed", "groups": ["town"]}), "只用于黄榜"),
        (_unscaled, "计量单位不同"),
        (lambda d: d["groups"].append(d["groups"][0]), "town 出现了 2 次"),
    ],
)
def test_a_mistake_is_named_with_its_path(change: Any, words: str) -> None:
    assert any(words in line for line in _spoil(change))


def test_the_path_leads_to_the_place_in_the_file() -> None:
    lines = _spoil(lambda d: _attraction(d)["method"]["components"][0].update(weight="0.3"))
    assert lines[0].startswith("sections.0.items.1.ranking.method.components: ")

"""What `packs check` says about routing files and lists."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from huakai.packs import queries as packs
from huakai.packs import rules as pack_rules
from huakai.packs.types import PackView, Problem
from tests.factories.routing import HEAD, LISTS, file_of

D1 = {"unit": "370402D01"}


@pytest.fixture(scope="module")
def place() -> PackView:
    """The shipped place without its own routing."""
    files, _ = packs.effective_files("shizhong", Path(settings.PACKS_ROOT))
    models, problems = pack_rules.parsed(files)
    assert problems == []
    models = {key: model for key, model in models.items() if key[0] != "routing"}
    for catalogue in [key for key in models if key[0] == "catalogue"]:
        models[catalogue] = models[catalogue].model_copy(update={"routes": ()})
    return pack_rules.view_of(models["pack", "pack"], models)  # type: ignore[arg-type]


def _judged(place: PackView, content: dict[str, Any], section: str = "routing") -> list[Problem]:
    changed, problems = packs.with_file(place, section, yaml.safe_dump(json.loads(json.dumps(content))))
    assert changed.pack_code == place.pack_code
    return problems


@pytest.mark.parametrize(
    ("rule", "path", "said"),
    [
        ({"category": "moon"}, "rules.0.when.category", "没有类别moon"),
        ({"caller": "ghost"}, "rules.0.when.caller", "没有来电人类型ghost"),
        ({"flow": "river"}, "rules.0.when.flow", "没有流程river"),
        ({"service": "nap"}, "rules.0.when.service", "没有服务nap"),
        ({"place_kind": "moon"}, "rules.0.when.place_kind", "没有阵地类型moon"),
        ({"power": "penalty"}, "rules.0.when.power", "没有事项种类penalty"),
        ({"to": {"level": "planet"}}, "rules.0.to.level", "没有单位类型planet"),
    ],
)
def test_unknown_words_are_errors_at_their_place(
    place: PackView, rule: dict[str, Any], path: str, said: str
) -> None:
    found = _judged(place, file_of({"number": 1, "to": D1, **rule}))
    assert [(p.path, p.message.format(**p.params), p.level) for p in found] == [(path, said, "error")]
    assert found[0].line > 1


def test_the_fallback_is_mandatory_and_must_lead_somewhere(place: PackView) -> None:
    without = file_of({"number": 1, "to": D1})
    del without["otherwise"]
    assert [p.path for p in _judged(place, without)] == ["otherwise"]
    above = _judged(place, file_of({"number": 1, "to": D1}, level=["street"]))
    assert [p.path for p in above] == ["otherwise.to.level"]
    assert "town" in str(above[0].params["code"])
    assert _judged(place, file_of({"number": 1, "to": D1})) == []
    unknown = _judged(place, file_of({"number": 1, "to": D1}, level=["planet", "city", "district"]))
    assert [p.path for p in unknown] == ["otherwise.to.level"]


def test_numbers_given_twice_gaps_and_conflicts_are_told(place: PackView) -> None:
    twice = file_of({"number": 1, "to": D1}, {"number": 1, "to": D1})
    assert {p.path for p in _judged(place, twice)} == {"rules.0.number", "rules.1.number"}
    gap = _judged(place, file_of({"number": 1, "category": "road", "to": D1}))
    assert [(p.path, p.level) for p in gap] == [("rules", "warning")]
    assert "road" not in str(gap[0].params["codes"])
    assert "water" in str(gap[0].params["codes"])
    never = file_of({"number": 1, "to": D1}, {"number": 2, "category": "road", "to": D1})
    assert [(p.path, p.level) for p in _judged(place, never)] == [("rules.1", "warning")]


def test_a_place_that_names_no_category_leaves_all_to_its_fallback_on_purpose(place: PackView) -> None:
    assert _judged(place, file_of()) == []


def test_lists_name_each_entry_once_with_a_known_kind(place: PackView) -> None:
    assert _judged(place, {**HEAD, "code": "lists", **LISTS}, "powers") == []
    power = LISTS["powers"][0]
    wrong = {
        "kinds": LISTS["kinds"][:1],
        "powers": [
            power,
            power | {"delegated": [{"towns": ["370402002"], "since": "2026-01-02", "until": "2026-01-01"}]},
        ],
        "items": LISTS["items"],
    }
    found = _judged(place, {**HEAD, "code": "lists", **wrong}, "powers")
    assert [p.path for p in found] == [
        "powers.0.code",
        "powers.1.code",
        "items.0.kind",
        "powers.1.delegated.0.until",
    ]

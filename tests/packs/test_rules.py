"""Reading, judging, overlaying and comparing pack files, without a database."""

from typing import Annotated, Literal

import pytest
from pydantic import Field

from huakai.packs import registry, rules
from huakai.packs.definitions import PackManifest, PackModel, Part
from huakai.packs.registry import Section
from huakai.packs.types import Change, PackView, Problem, say


class Red(Part):
    """A branch of the union."""

    kind: Literal["red"]
    depth: int


class Blue(Part):
    """The other branch."""

    kind: Literal["blue"]


class Colours(PackModel):
    """A section for these tests."""

    colours: tuple[Annotated[Red | Blue, Field(discriminator="kind")], ...] = ()
    size: Annotated[int, Field(ge=1, le=9)] = 1


@pytest.fixture(autouse=True)
def our_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_deep_red(model: Colours, view: PackView) -> list[Problem]:
        deep = [
            n
            for n, each in enumerate(model.colours)
            if isinstance(each, Red) and each.depth > view_limit(view)
        ]
        return [
            Problem(f"colours.{n}.depth", "too deep for {place}", params={"place": view.pack_code})
            for n in deep
        ]

    def view_limit(view: PackView) -> int:
        limits: Colours | None = view.find("limits", "limit")
        return limits.size if limits else 100

    sections = {("pack", ""): Section(PackManifest), ("paint", ""): Section(Colours, no_deep_red)}
    monkeypatch.setattr(registry, "_sections", {**sections, ("limits", ""): Section(Colours)})


HEAD = "schema_version: 1\ncode: wall\ntitle: 墙\ntitle_en: Wall\n"


def _file(text: str, name: str = "paint/wall.yaml") -> rules.SourceFile:
    return rules.read(text, file=f"base/{name}", name=name)


def _problems(text: str) -> list[tuple[int, str, str]]:
    _, found = rules.parsed({"paint/wall.yaml": _file(HEAD + text)})
    return [(each.line, each.path, each.message.format(**each.params)) for each in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("colour: red\n", (5, "colour", "不认识的键")),
        ("size: ten\n", (5, "size", "应为整数")),
        ("size:\n  10\n", (5, "size", "不得大于 9")),
        ("colours:\n  - kind: blue\n  - kind: red\n", (7, "colours.1.depth", "缺少此项")),
        ("colours:\n  - kind: red\n    depth: deep\n", (7, "colours.0.depth", "应为整数")),
        ("colours:\n  - kind: green\n", (6, "colours.0", "“green”不在 'red', 'blue' 之中")),
        ("colours: red\n", (5, "colours", "应为列表")),
    ],
)
def test_a_wrong_shape_is_named_with_line_and_path(text: str, expected: tuple[int, str, str]) -> None:
    assert _problems(text) == [expected]


def test_a_code_must_be_the_name_of_its_file() -> None:
    file = _file(HEAD, "paint/other.yaml")
    _, (problem,) = rules.parsed({file.name: file})
    assert (problem.line, problem.path, problem.file) == (2, "code", "base/paint/other.yaml")


def test_a_section_nobody_reads_is_named() -> None:
    file = _file(HEAD, "pant/wall.yaml")
    _, (problem,) = rules.parsed({file.name: file})
    assert problem.message.format(**problem.params) == "没有引擎读取栏目“pant”"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "重复"),
        ("a: &x [1]\nb: *x\n", 2, "别名"),
        ("a: !!python/object:os.system {}\n", 1, "标签"),
        ("a: !secret 1\n", 1, "标签"),
        ("- 1\n", 1, "键值对"),
        ("", 1, "键值对"),
        ("a: [1\n", 2, "YAML"),
        ("a: 1\n---\nb: 2\n", 2, "YAML"),
        ("a: \x07\n", 1, "YAML"),
        ("? [1, 2]\n: 3\n", 1, "不是文字"),
        ("a: " + "[" * 40 + "]" * 40, 1, "嵌套"),
        ("a: " + "x" * 1_000_001, 1, "1 MB"),
    ],
)
def test_a_file_that_is_not_plain_is_refused_with_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(rules.Unreadable) as refused:
        _file(text)
    problem = refused.value.problem
    assert problem.line == line
    assert says in problem.message.format(**problem.params)


def test_yaml_has_no_surprises() -> None:
    data = _file(
        "on: no\nclock: 12:30\nday: 2026-01-31\ncode: 007\nsize: -3\nrate: 0.5\nnone: ~\nyes: true\n"
    ).data
    assert data == {
        "on": "no",
        "clock": "12:30",
        "day": "2026-01-31",
        "code": "007",
        "size": -3,
        "rate": 0.5,
        "none": None,
        "yes": True,
    }


def test_a_place_replaces_whole_files() -> None:
    base = {"paint/wall.yaml": _file(HEAD + "size: 2\n"), "paint/door.yaml": _file(HEAD, "paint/door.yaml")}
    place = {"paint/wall.yaml": _file(HEAD)}
    effective = rules.overlay(base, place)
    assert list(effective) == ["paint/door.yaml", "paint/wall.yaml"]
    assert "size" not in effective["paint/wall.yaml"].data


def test_the_hash_sees_content_not_layout() -> None:
    one = rules.content_of({"a": _file("x: 1\ny: [2]\n")})
    other = rules.content_of({"a": _file("# note\ny:\n  - 2\nx: 1\n")})
    assert rules.content_hash(one) == rules.content_hash(other)
    assert rules.content_hash(one) != rules.content_hash({"a": {"x": 1, "y": [3]}})


def test_meaning_is_judged_within_the_whole_pack_and_located() -> None:
    red = HEAD + "colours:\n  - kind: red\n    depth: 7\n"
    files = {
        "paint/wall.yaml": _file(red),
        "limits/limit.yaml": _file(HEAD + "size: 5\n", "limits/limit.yaml"),
    }
    models, _ = rules.parsed(files)
    manifest = PackManifest(schema_version=1, code="here", title="此", title_en="Here")
    view = rules.view_of(manifest, models)
    (problem,) = rules.meaning_problems(view, files)
    assert (problem.file, problem.line, problem.path) == ("base/paint/wall.yaml", 7, "colours.0.depth")
    assert say(view, "title", "en") == "Here"
    assert say(view, "title", "zh-hans") == "此"


def test_what_is_asked_of_a_view_is_there_or_named() -> None:
    view = PackView(pack_code="here", title="此", title_en="", root_code="", models={("a", "x"): object()})  # type: ignore[dict-item]
    assert view.one("a") is view.get("a", "x")
    assert say(view, "title", "en") == "此", "no English yet: the source language"
    with pytest.raises(KeyError, match=r"no a/y\.yaml"):
        view.get("a", "y")


def test_stored_content_is_shown_in_the_order_of_its_model() -> None:
    stored = {"b": [{"y": 1, "x": 2}], "extra": 1, "a": None}
    shown = rules.in_order(stored, {"a": 0, "b": [{"x": 0, "y": 0}]})
    assert (list(shown), list(shown["b"][0])) == (["a", "b", "extra"], ["x", "y"])


def test_a_diff_matches_list_items_by_code() -> None:
    def flow(*stages: dict[str, object], **rest: object) -> dict[str, object]:
        return {"flow.yaml": {"stages": list(stages), **rest}}

    before = flow({"code": "a", "hours": 1}, {"code": "b"}, tags=["x", "y"], gone=1)
    after = flow({"code": "c"}, {"code": "a", "hours": 2}, tags=["x", "z"])
    assert rules.diff(before, after) == [
        Change("flow.yaml", "stages.a.hours", 1, 2),
        Change("flow.yaml", "stages.b", {"code": "b"}, None),
        Change("flow.yaml", "stages.c", None, {"code": "c"}),
        Change("flow.yaml", "tags.1", "y", "z"),
        Change("flow.yaml", "gone", 1, None),
    ]
    assert rules.diff(flow({"code": "a"}, {"code": "b"}), flow({"code": "b"}, {"code": "a"})) == [
        Change("flow.yaml", "stages", ["a", "b"], ["b", "a"])
    ]
    assert rules.diff({}, {"a.yaml": {"x": 1}}) == [Change("a.yaml", "", None, {"x": 1})]
    assert rules.diff(before, before) == []

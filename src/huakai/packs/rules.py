"""Pure decisions about packs: reading a file with its line numbers, overlay, hash, difference, problems."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NoReturn

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from huakai.kernel.calendar import SATURDAY, DayHours, WorkCalendar, YearCalendar
from huakai.kernel.errors import N_
from huakai.packs import registry
from huakai.packs.definitions import CalendarHours, CalendarYear, PackManifest, PackModel
from huakai.packs.types import Change, PackView, Problem

MANIFEST_FILE = "pack.yaml"
MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 30
NodePath = tuple[str | int, ...]


@dataclass(frozen=True)
class SourceFile:
    """A file as read: where it lies, its name within the pack, its data, and the line of every path in it."""

    file: str
    name: str
    data: Any
    lines: Mapping[NodePath, int] = field(hash=False)

    @property
    def section(self) -> str:
        """The folder, or the stem of a top file."""
        return self.name.split("/")[0].removesuffix(".yaml")

    @property
    def code(self) -> str:
        """The file's stem: the code the model in it must carry."""
        return self.name.split("/")[-1].removesuffix(".yaml")

    def located(self, problem: Problem) -> Problem:
        """The problem with this file's name and the line of its path."""
        steps: list[str | int] = [int(s) if s.isdigit() else s for s in problem.path.split(".") if s]
        return replace(problem, file=self.file, line=self.line_of(tuple(steps)))

    def line_of(self, path: NodePath) -> int:
        """Line of the deepest known node on the path."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class Unreadable(Exception):
    """The file is not a plain YAML mapping; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


if TYPE_CHECKING:
    _Fast = yaml.SafeLoader
else:
    _Fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where PyYAML was built with it


class _Loader(_Fast):
    """YAML's core words only: dates stay text, `no` and `on` are no booleans, 12:30 is not 750."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("bool", r"^(?:true|false)$", ["t", "f"]),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", list("-0123456789")),
    ("float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", list("-0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)
_SCALARS: dict[str, Callable[[str], Any]] = {
    "tag:yaml.org,2002:null": lambda text: None,
    "tag:yaml.org,2002:bool": lambda text: text == "true",
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": float,
    "tag:yaml.org,2002:str": str,
}
_TAGS = {*_SCALARS, "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}


def read(text: str, *, file: str, name: str) -> SourceFile:
    """Parse one file; raises Unreadable. Aliases, tags and repeated keys are refused: no bombs."""
    try:
        if len(text) > MAX_CHARACTERS:
            raise Unreadable(Problem("", N_("文件超过 1 MB"), file=file, line=1))
        _refuse_bombs(text, file)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        _refuse(file, mark, N_("不是正确的 YAML：{reason}"), reason=error.problem or "")
    except yaml.YAMLError as error:
        _refuse(file, None, N_("不是正确的 YAML：{reason}"), reason=str(error))
    if not isinstance(node, yaml.MappingNode):
        _refuse(file, None, N_("文件必须是键值对"))
    lines: dict[NodePath, int] = {}
    return SourceFile(file, name, _plain(node, (), lines, file), lines)


def _refuse_bombs(text: str, file: str) -> None:
    """Aliases and deep nesting, seen in the stream of events before anything is built."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            _refuse(file, event.start_mark, N_("不允许使用别名（*）"))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            _refuse(file, event.start_mark, N_("嵌套过深"))


def _refuse(file: str, mark: Any, message: str, **params: object) -> NoReturn:
    line = mark.line + 1 if mark else 1
    raise Unreadable(Problem("", message, file=file, line=line, params=params))


def _plain(node: yaml.Node, path: NodePath, lines: dict[NodePath, int], file: str) -> Any:
    """The node as plain data; notes the line of every path on the way."""
    lines.setdefault(path, node.start_mark.line + 1)
    if node.tag not in _TAGS:
        _refuse(file, node.start_mark, N_("不允许使用标签 {tag}"), tag=node.tag)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, index), lines, file) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
            if not key or key in result:
                _refuse(file, key_node.start_mark, N_("键“{key}”重复或不是文字"), key=key)
            lines[*path, key] = key_node.start_mark.line + 1
            result[key] = _plain(value_node, (*path, key), lines, file)
        return result
    return _SCALARS[node.tag](node.value)


def overlay(base: Mapping[str, SourceFile], place: Mapping[str, SourceFile]) -> dict[str, SourceFile]:
    """The effective files: a place's file replaces the base's file of the same name, whole."""
    return dict(sorted({**base, **place}.items()))


def content_of(files: Mapping[str, SourceFile]) -> dict[str, Any]:
    """What an edition stores."""
    return {name: file.data for name, file in sorted(files.items())}


def in_order(data: Any, model: Any) -> Any:
    """`data` with its keys in the order of the model's dump (what is stored as jsonb has lost its order)."""
    if isinstance(data, dict) and isinstance(model, dict):
        keys = sorted(data, key=lambda key: list(model).index(key) if key in model else len(model))
        return {key: in_order(data[key], model.get(key)) for key in keys}
    if isinstance(data, list) and isinstance(model, list):
        return [in_order(*pair) for pair in zip(data, model, strict=False)]
    return data


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of the content: order of keys and layout of the files do not matter."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def parsed(files: Mapping[str, SourceFile]) -> tuple[dict[tuple[str, str], PackModel], list[Problem]]:
    """Every file through its section's model (shape), with the problems in file order."""
    models: dict[tuple[str, str], PackModel] = {}
    problems: list[Problem] = []
    for file in files.values():
        section = registry.section_of(file.section, file.code)
        if section is None:
            message = N_("没有引擎读取栏目“{section}”")
            problems.append(Problem("", message, "error", file.file, 1, {"section": file.section}))
            continue
        try:
            model = section.model.model_validate(file.data)
        except ValidationError as error:
            problems += [_shape_problem(each, file) for each in error.errors()]
            continue
        if model.code != file.code and file.name != MANIFEST_FILE:
            params = {"code": model.code, "name": file.code}
            problems.append(
                file.located(Problem("code", N_("编码“{code}”与文件名“{name}”不同"), params=params))
            )
        models[file.section, file.code] = model
    return models, problems


_SHAPE_MESSAGES = {
    "missing": N_("缺少此项"),
    "extra_forbidden": N_("不认识的键"),
    "literal_error": N_("只能是 {expected}"),
    "string_type": N_("应为文字（数字请加引号）"),
    "string_pattern_mismatch": N_("格式应为 {pattern}"),
    "int_type": N_("应为整数"),
    "int_parsing": N_("应为整数"),
    "bool_type": N_("应为 true 或 false"),
    "tuple_type": N_("应为列表"),
    "list_type": N_("应为列表"),
    "dict_type": N_("应为键值对"),
    "model_type": N_("应为键值对"),
    "too_short": N_("至少要有 {min_length} 项"),
    "string_too_short": N_("至少要有 {min_length} 个字"),
    "string_too_long": N_("最多 {max_length} 个字"),
    "greater_than": N_("应大于 {gt}"),
    "greater_than_equal": N_("不得小于 {ge}"),
    "less_than": N_("应小于 {lt}"),
    "less_than_equal": N_("不得大于 {le}"),
    "union_tag_invalid": N_("“{tag}”不在 {expected_tags} 之中"),
    "date_from_datetime_parsing": N_("应为日期，如 2026-01-31"),
    "date_parsing": N_("应为日期，如 2026-01-31"),
}


def _shape_problem(error: ErrorDetails, file: SourceFile) -> Problem:
    """Pydantic's finding in our words, at the node it is about (without its markers of union branches)."""
    path: NodePath = ()
    for step in error["loc"]:
        if (*path, step) in file.lines:
            path = (*path, step)
    shown = path
    if error["type"] == "missing":
        shown = (*path, error["loc"][-1])
    context = {key: str(value) for key, value in error.get("ctx", {}).items()}
    message = _SHAPE_MESSAGES.get(error["type"], "{reason}")
    params = {"reason": error["msg"], **context}
    return Problem(".".join(map(str, shown)), message, "error", file.file, file.line_of(path), params)


def meaning_problems(view: PackView, files: Mapping[str, SourceFile]) -> list[Problem]:
    """What each section says about its files, seen within the whole pack."""
    problems: list[Problem] = []
    for name, file in files.items():
        model = view.find(file.section, file.code)
        section = registry.section_of(file.section, file.code)
        if model is None or section is None or section.problems_of is None or name == MANIFEST_FILE:
            continue
        problems += [file.located(problem) for problem in section.problems_of(model, view)]
    return problems


def view_of(manifest: PackManifest, models: Mapping[tuple[str, str], PackModel]) -> PackView:
    """The pack as its sections' checks see it."""
    return PackView(
        pack_code=manifest.code,
        title=manifest.title,
        title_en=manifest.title_en,
        root_code=manifest.root_code,
        models=models,
    )


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Every difference between two contents, by file and path; list items with a `code` are matched by it."""
    changes: list[Change] = []
    for name in sorted({*before, *after}):
        if name not in before or name not in after:
            changes.append(Change(name, "", before.get(name), after.get(name)))
            continue
        changes += [
            Change(name, ".".join(p), b, a) for p, b, a in _differences(before[name], after[name], ())
        ]
    return changes


def _differences(
    before: Any, after: Any, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    if before == after:
        return
    old, new = _keyed(before), _keyed(after)
    if old is None or new is None:
        yield path, before, after
        return
    for key in [*old, *(key for key in new if key not in old)]:
        if key in old and key in new:
            yield from _differences(old[key], new[key], (*path, key))
        else:
            yield (*path, key), old.get(key), new.get(key)
    if isinstance(before, list) and list(old) != list(new) and sorted(old) == sorted(new):
        yield path, list(old), list(new)  # only the order changed


def _keyed(value: Any) -> dict[str, Any] | None:
    """A mapping as it is, a list by its items' codes (else by position), anything else None."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, list):
        return None
    codes = [item.get("code") for item in value if isinstance(item, dict)]
    if len(codes) == len(value) and len(set(codes)) == len(codes) and None not in codes:
        return {str(item["code"]): item for item in value}
    return {str(index): item for index, item in enumerate(value)}


def calendar_of(view: PackView) -> WorkCalendar:
    """The working calendar a pack describes."""
    found = view.all("calendar").values()
    years = {each.year: _year(each) for each in found if isinstance(each, CalendarYear)}
    hours: CalendarHours = view.get("calendar", "hours")
    return WorkCalendar(years, DayHours(tuple((span.opens, span.closes) for span in hours.spans)))


def _year(model: CalendarYear) -> YearCalendar:
    holidays = {day: each.name for each in model.holidays for day in each.days()}
    workdays = {day: each.name for each in model.holidays for day in each.work_on}
    return YearCalendar(model.year, holidays, workdays, model.source)


def calendar_problems(model: CalendarYear, view: PackView) -> list[Problem]:
    """A year whose days contradict each other or the week."""
    problems: list[Problem] = []
    off = {day for each in model.holidays for day in each.days()}
    for index, each in enumerate(model.holidays):
        path = f"holidays.{index}"
        if each.last_on < each.first_on or each.last_on.year != model.year:
            problems.append(Problem(path, N_("起止日期颠倒或不在本年")))
        for number, day in enumerate(each.work_on):
            if day.weekday() < SATURDAY or day in off:
                params = {"day": day.isoformat()}
                problems.append(
                    Problem(f"{path}.work_on.{number}", N_("{day} 不是周末，不能调休上班"), params=params)
                )
    if str(model.year) != model.code:
        problems.append(Problem("year", N_("年份与文件名不同")))
    return problems


def hours_problems(model: CalendarHours, view: PackView) -> list[Problem]:
    """Spans out of order."""
    try:
        DayHours(tuple((span.opens, span.closes) for span in model.spans))
    except ValueError:
        return [Problem("spans", N_("工作时间应按先后排列且不相接"))]
    return []

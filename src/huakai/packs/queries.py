"""Reads of packs: the current edition, any edition, whose pack an area has, and the check of the files."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from huakai.kernel.calendar import WorkCalendar
from huakai.kernel.errors import N_, NotFound
from huakai.packs import registry, rules
from huakai.packs.definitions import PackManifest
from huakai.packs.models import Edition
from huakai.packs.types import Change, EditionRow, EditionView, PackView, Problem

RECHECK_SECONDS = 2.0

_editions: dict[UUID, EditionView] = {}
_calendars: dict[UUID, WorkCalendar] = {}
_current: dict[str, tuple[float, UUID]] = {}
_places: list[tuple[float, list[tuple[str, str]]]] = []


def clear_caches() -> None:
    """Forget what this process has read (tests, and after publishing)."""
    _editions.clear()
    _calendars.clear()
    forget_current()


def forget_current() -> None:
    """Look up the current editions afresh next time."""
    _current.clear()
    _places.clear()


def edition(edition_id: UUID) -> EditionView:
    """A published edition, parsed once per process: it never changes."""
    if edition_id not in _editions:
        row = Edition.objects.filter(pk=edition_id).first()
        if row is None:
            raise NotFound("no_edition", N_("没有这个版本"))
        _editions[edition_id] = _view(row)
    return _editions[edition_id]


def current(pack_code: str) -> EditionView:
    """The newest edition of the pack; another process's publishing is noticed within two seconds."""
    moment = time.monotonic()
    checked_at, known = _current.get(pack_code, (0.0, None))
    if known is not None and moment - checked_at < RECHECK_SECONDS:
        return edition(known)
    newest = (
        Edition.objects.filter(pack_code=pack_code).order_by("-number").values_list("pk", flat=True).first()
    )
    if newest is None:
        raise NotFound("pack_not_published", N_("还没有发布“{pack}”包"), pack=pack_code)
    _current[pack_code] = (moment, newest)
    return edition(newest)


def work_calendar(view: EditionView) -> WorkCalendar:
    """The working calendar of an edition, built once per process."""
    if view.id not in _calendars:
        _calendars[view.id] = rules.calendar_of(view)
    return _calendars[view.id]


def pack_of(unit_code: str) -> str:
    """The place whose root code is the longest prefix of the unit's; else the place published first."""
    places = published_places()
    if not places:
        raise NotFound("no_place", N_("还没有发布任何地方的包"))
    fitting = [(len(root), code) for root, code in places if root and unit_code.startswith(root)]
    return max(fitting)[1] if fitting else places[0][1]


def published_places() -> list[tuple[str, str]]:
    """(root code, pack code) of every published place, oldest first."""
    moment = time.monotonic()
    if not _places or moment - _places[0][0] >= RECHECK_SECONDS:
        rows = (
            Edition.objects.exclude(base_number=None).order_by("pack_code", "-number").distinct("pack_code")
        )
        found = list(rows.values_list("root_code", "pack_code"))
        first = dict(Edition.objects.filter(number=1).values_list("pack_code", "published_at"))
        found.sort(key=lambda place: (first[place[1]], place[1]))
        _places[:] = [(moment, found)]
    return _places[0][1]


def edition_rows(pack_code: str = "") -> list[EditionRow]:
    """Editions, newest first, without their content."""
    rows = Edition.objects.order_by("-published_at", "-number")
    if pack_code:
        rows = rows.filter(pack_code=pack_code)
    return [
        EditionRow(
            id=row.pk,
            pack_code=row.pack_code,
            number=row.number,
            hash=row.hash,
            base_number=row.base_number,
            root_code=row.root_code,
            published_at=row.published_at,
            published_by=row.published_by,
            files=tuple(sorted(row.content)),
        )
        for row in rows
    ]


def content(edition_id: UUID) -> dict[str, Any]:
    """The edition's files as published."""
    stored: dict[str, Any] = Edition.objects.values_list("content", flat=True).get(pk=edition_id)
    return stored


def file_of(edition_id: UUID, name: str) -> Any:
    """One file of the edition with its keys in the order of the model (jsonb keeps no order)."""
    row = content(edition_id)[name]
    file = rules.SourceFile(name, name, row, {})
    section = registry.section_of(file.section, file.code)
    return rules.in_order(row, section.model.model_validate(row).model_dump(mode="json")) if section else row


def diff_of_editions(before: UUID, after: UUID) -> list[Change]:
    """What changed between two editions."""
    return rules.diff(content(before), content(after))


def _view(row: Edition) -> EditionView:
    files = {name: rules.SourceFile(name, name, data, {}) for name, data in row.content.items()}
    models, problems = rules.parsed(files)
    errors = [each for each in problems if each.level == "error"]
    if errors:
        raise ValueError(f"edition {row.pack_code} {row.number} no longer reads: {errors[0]}")
    manifest = PackManifest.model_validate(row.content[rules.MANIFEST_FILE])
    return EditionView(
        pack_code=row.pack_code,
        title=manifest.title,
        title_en=manifest.title_en,
        root_code=row.root_code,
        models=models,
        id=row.pk,
        number=row.number,
        hash=row.hash,
        base_number=row.base_number,
        published_at=row.published_at,
    )


def read_folder(folder: Path) -> tuple[dict[str, rules.SourceFile], list[Problem]]:
    """Every YAML file of one pack folder, by its name within the pack."""
    files: dict[str, rules.SourceFile] = {}
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*.y*ml")):
        name = path.relative_to(folder).as_posix()
        shown = f"{folder.name}/{name}"
        if path.suffix != ".yaml" or name.count("/") > 1:
            problems.append(Problem("", N_("包文件应为 <栏目>/<编码>.yaml"), file=shown, line=1))
            continue
        try:
            files[name] = rules.read(path.read_text(encoding="utf-8"), file=shown, name=name)
        except UnicodeDecodeError:
            problems.append(Problem("", N_("文件不是 UTF-8 编码"), file=shown, line=1))
        except rules.Unreadable as unreadable:
            problems.append(unreadable.problem)
    if rules.MANIFEST_FILE not in files:
        problems.append(Problem("", N_("缺少 pack.yaml"), file=f"{folder.name}/pack.yaml", line=1))
    return files, problems


def effective_files(pack_code: str, root: Path) -> tuple[dict[str, rules.SourceFile], list[Problem]]:
    """The pack's files over those of the pack it requires."""
    files, problems = read_folder(root / pack_code)
    required = _required(files)
    if required and (root / required).is_dir():
        base, base_problems = read_folder(root / required)
        return rules.overlay(base, files), base_problems + problems
    if required:
        line = Problem("requires", N_("没有所依据的包“{pack}”"), params={"pack": required})
        problems.append(files[rules.MANIFEST_FILE].located(line))
    return files, problems


def _required(files: Mapping[str, rules.SourceFile]) -> str | None:
    manifest = files.get(rules.MANIFEST_FILE)
    return manifest.data.get("requires") if manifest else None


def check_pack(pack_code: str, root: Path) -> list[Problem]:
    """Shape and meaning of one pack; a base is judged on shape only: what it leaves open, places fill in."""
    files, problems = effective_files(pack_code, root)
    models, shape = rules.parsed(files)
    problems += shape
    manifest = models.get((registry.MANIFEST, registry.MANIFEST))
    if isinstance(manifest, PackManifest):
        if manifest.code != pack_code:
            params = {"code": manifest.code, "name": pack_code}
            wrong = Problem("code", N_("编码“{code}”与文件夹“{name}”不同"), params=params)
            problems.append(files[rules.MANIFEST_FILE].located(wrong))
        if manifest.requires and not any(each.level == "error" for each in problems):
            problems += rules.meaning_problems(rules.view_of(manifest, models), files)
    return sorted(set(problems), key=lambda each: (each.file, each.line, each.path, each.message))


def check(root: Path) -> list[Problem]:
    """Shape and meaning of every pack under `root`, each mistake once."""
    found: set[Problem] = set()
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        found.update(check_pack(folder.name, root))
    return sorted(found, key=lambda each: (each.file, each.line, each.path, each.message))


def with_file(view: PackView, section: str, text: str) -> tuple[PackView, list[Problem]]:
    """The pack with one file, given as YAML, in place of the one of its code; and what is wrong with that file.

    Nothing is stored: for a look at what a change would do.
    """
    try:
        given = rules.read(text, file=f"{section}.yaml", name=f"{section}/given.yaml")
    except rules.Unreadable as unreadable:
        return view, [unreadable.problem]
    code = str(given.data.get("code") or "given")
    file = rules.SourceFile(given.file, f"{section}/{code}.yaml", given.data, given.lines)
    models, problems = rules.parsed({file.name: file})
    changed = PackView(
        pack_code=view.pack_code,
        title=view.title,
        title_en=view.title_en,
        root_code=view.root_code,
        models={**view.models, **models},
    )
    return changed, problems + rules.meaning_problems(changed, {file.name: file} if models else {})


def diff(pack_code: str, root: Path) -> list[Change]:
    """What publishing the files would change against the current edition."""
    files, _ = effective_files(pack_code, root)
    newest = Edition.objects.filter(pack_code=pack_code).order_by("-number").first()
    return rules.diff(newest.content if newest else {}, rules.content_of(files))


def json_schemas() -> dict[str, Any]:
    """JSON Schema of every section, for editors; committed and compared in a test."""
    return {name: model.model_json_schema() for name, model in registry.models().items()}

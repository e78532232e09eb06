"""The routing table of a place: read, tried, judged, and replayed against a changed one. Nothing is changed here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from huakai.cases import queries
from huakai.cases.definitions.routing import LEGACY_FROM, Target, When
from huakai.cases.forms.routing import ReplayForm, TryForm
from huakai.cases.pages.desk import door
from huakai.cases.queries import counters
from huakai.cases.queries import routing as tables
from huakai.cases.rules.routing import Routed, Table
from huakai.cases.rules.routing_lint import Gap
from huakai.kernel.clock import CHINA
from huakai.kernel.errors import RuleBroken
from huakai.packs import queries as packs
from huakai.packs.types import Problem, say
from huakai.registry import queries as registry
from huakai.registry.access import ActorRequest
from huakai.web import pages
from huakai.web.errors import words_of

SHOWN_AREAS = 6


@dataclass(frozen=True)
class Words:
    """Codes in the reader's language."""

    language: str
    category: Mapping[str, str]
    caller: Mapping[str, str]
    level: Mapping[str, str]
    unit: Mapping[str, str]

    def target(self, to: Target) -> str:
        """Where a rule sends a case."""
        if to.unit is not None:
            return self.unit.get(to.unit, to.unit)
        if to.level is not None:
            return _("所在的{levels}").format(levels=_("、").join(self.level.get(k, k) for k in to.level))
        return _("下放到的镇街，否则原部门") if to.owner_of == "power" else _("清单写明的部门")

    def conditions(self, when: When) -> list[str]:
        """What must hold, one phrase each; empty: always."""
        found = [
            f"{title}：{_('、').join(words.get(code, code) for code in codes)}"
            for title, codes, words in (
                (_("类别"), when.category, self.category),
                (_("来电人"), when.caller, self.caller),
                (_("区域"), when.area, self.unit),
                (_("标签"), when.tag, {}),
                (_("流程"), when.flow, {}),
                (_("服务"), when.service, {}),
                (_("阵地类型"), when.place_kind, {}),
                *((name, values, {}) for name, values in when.answers.items()),
            )
            if codes
        ]
        return [*found, *_listed_words(when), *_time_words(when)]


def _listed_words(when: When) -> list[str]:
    found = []
    for title, wanted in ((_("职权"), when.power), (_("事项"), when.item)):
        if isinstance(wanted, tuple):
            found.append(f"{title}：{_('、').join(wanted)}")
        elif wanted is not None:
            found.append(f"{title}：{_('在清单上') if wanted else _('不在清单上')}")
    return found


def _time_words(when: When) -> list[str]:
    days = [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]
    found = [_("、").join(days[day - 1] for day in when.weekday)] if when.weekday else []
    if when.starts_at or when.ends_at:
        found.append(f"{when.starts_at or '00:00'}–{when.ends_at or '24:00'}")
    return found


@door.staff("unit.view")
@require_http_methods(["GET", "HEAD", "POST"])
def routing(request: ActorRequest) -> HttpResponse:
    """The table; with `area` in the address a case is tried; a POST replays last month against another table."""
    pack_code, on = request.actor.pack_code, request.now.astimezone(CHINA).date()
    table = queries.menu(pack_code).table
    words = _words(request, table)
    try_form = TryForm(request.GET if request.GET.get("area") else None, choices=_choices(request, words))
    replay_form = ReplayForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    context: dict[str, Any] = {
        "lines": _lines(table, words),
        "otherwise": _line_of(table.otherwise, words),
        "form": try_form,
        "replay_form": replay_form,
        "lint": _lint_words(tables.lint(pack_code, on=on), words),
        "edition": packs.current(pack_code).number,
        "has_lists": bool(table.powers),
        "days": tables.REPLAY_DAYS,
        "now": request.now.astimezone(CHINA).strftime("%Y-%m-%dT%H:%M"),
    }
    if try_form.is_bound and try_form.is_valid():
        context |= _tried(request, try_form)
    status = 200
    if request.method == "POST":
        result = _replayed(request, replay_form)
        status = 200 if "replay" in result else 422
        context |= result
    return pages.render_page(request, "cases/desk/routing.html", context, status=status)


def _words(request: ActorRequest, table: Table) -> Words:
    pack_code, lang = request.actor.pack_code, get_language() or "zh-hans"
    codes = {line.rule.to.unit for line in table.lines} | {table.otherwise.to.unit}
    codes |= {prefix for line in table.lines for prefix in line.rule.when.area or ()}
    return Words(
        language=lang,
        category=counters.titles_of("category", pack_code),
        caller=counters.titles_of("caller_kind", pack_code),
        level=dict(registry.choices_of(registry.vocabulary(pack_code).unit_kinds, lang)),
        unit=registry.unit_names(code for code in codes if code),
    )


def _choices(request: ActorRequest, words: Words) -> dict[str, list[tuple[str, str]]]:
    """Places the reader may ask about, and what cases can be."""
    by = request.actor
    areas = [(unit.code, unit.name) for unit in door.areas_of(by, "unit.view")]
    areas += registry.home_choices(door.place_root(by))
    return {
        "area": [area for area in dict.fromkeys(areas) if by.may("unit.view", area[0])],
        "category": list(words.category.items()),
        "caller": list(words.caller.items()),
    }


def _lines(table: Table, words: Words) -> list[dict[str, Any]]:
    return [
        {
            "number": line.number if line.number < LEGACY_FROM else "",
            "when": words.conditions(line.rule.when),
        }
        | _line_of(line.rule, words)
        for line in table.lines
    ]


def _line_of(rule: Any, words: Words) -> dict[str, Any]:
    because = say(rule, "because", words.language)
    return {"to": words.target(rule.to), "code": rule.to.unit or "", "because": _(because)}


def _tried(request: ActorRequest, form: TryForm) -> dict[str, Any]:
    """The unit and the reason, or why it cannot be said."""
    data = form.cleaned_data
    asked = queries.Asked(
        area_code=data["area"],
        at=data["at"] or request.now,
        category=data["category"],
        caller=data["caller"] or "resident",
        answers=data["answers"],
    )
    try:
        routed = queries.proposal_for(request.actor, asked)
    except RuleBroken as refused:
        form.add_error("area", words_of(refused))
        return {}
    unit = registry.unit_by_code(routed.unit_code)
    return {"tried": {"unit": unit.name if unit else routed.unit_code, "why": reason_of(routed)}}


def reason_of(routed: Routed) -> str:
    """“Rule 14, because …” in the reader's language."""
    because = _(say(routed, "because", get_language() or "zh-hans"))
    if routed.missed is not None:
        message = _("规则 {number} 适用，但它写的单位现在没有；兜底：{because}")
        return message.format(number=routed.missed, because=because)
    if routed.number is None:
        return _("没有规则适用；兜底：{because}").format(because=because)
    if routed.number >= LEGACY_FROM:
        return because
    return _("规则 {number}，因为：{because}").format(number=routed.number, because=because)


def _lint_words(lint: tables.Lint, words: Words) -> dict[str, Any]:
    """Findings as sentences."""
    never = _("规则 {number} 永远轮不到：前面的规则 {earlier} 已经接走")
    overlap = _("规则 {number} 与规则 {earlier} 有重叠而去向不同，由先后次序决定；有意如此请写 prevails")
    missing = _("规则 {numbers} 写的单位 {code} 现在没有，兜底会接走")
    conflicts = [
        (never if each.kind == "never" else overlap).format(
            number=each.number, earlier=_("、").join(map(str, each.earlier))
        )
        for each in lint.conflicts
    ]
    conflicts += [
        missing.format(numbers=_("、").join(map(str, numbers)), code=code)
        for code, numbers in lint.missing.items()
    ]
    return {"conflicts": conflicts, "gaps": _gap_lines(lint.gaps, words)}


def _gap_lines(gaps: Iterable[Gap], words: Words) -> list[dict[str, Any]]:
    """One line a category and caller, with how many units it is about."""
    grouped: dict[tuple[str, str, bool], list[str]] = {}
    for gap in gaps:
        grouped.setdefault((gap.category, gap.caller, gap.sometimes), []).append(gap.area_code)
    return [
        {
            "category": words.category.get(category, category),
            "caller": words.caller.get(caller, caller),
            "sometimes": sometimes,
            "count": len(codes),
            "codes": codes[:SHOWN_AREAS],
        }
        for (category, caller, sometimes), codes in grouped.items()
    ]


def _replayed(request: ActorRequest, form: ReplayForm) -> dict[str, Any]:
    """What the changed table would have changed, or its mistakes by line."""
    if not form.is_valid():
        return {}
    try:
        found = tables.replay(request.actor, text=form.cleaned_data["text"], now=request.now)
    except tables.TableWrong as wrong:
        form.add_error("table", words_of(wrong))
        return {"problems": [_problem_words(problem) for problem in wrong.problems]}
    names = registry.unit_names(code for each in found.moved for code in (each.before, each.after))
    lines = [
        {
            "before": names.get(each.before, each.before),
            "after": names.get(each.after, each.after),
            "count": each.count,
            "examples": each.examples,
        }
        for each in found.moved
    ]
    return {"replay": {"total": found.total, "changed": found.changed, "lines": lines}}


def _problem_words(problem: Problem) -> dict[str, Any]:
    return {
        "line": problem.line,
        "path": problem.path,
        "text": _(problem.message).format(**problem.params),
    }


@door.staff("unit.view")
@require_safe
def powers(request: ActorRequest) -> HttpResponse:
    """The list of delegated powers by kind, whole or for one town (row TZ-04)."""
    town = request.GET.get("town", "")[:24]
    found = tables.power_list(request.actor.pack_code, town=town, on=request.now.astimezone(CHINA).date())
    lang = get_language() or "zh-hans"
    names = registry.unit_names([*found.towns, *(line.department for line in found.lines)])
    kinds = {count.code: say(count, "title", lang) for count in found.counts}
    context = {
        "town": town,
        "towns": [(code, names.get(code, code)) for code in found.towns],
        "counts": [
            {"title": kinds[c.code], "listed": c.listed, "delegated": c.delegated} for c in found.counts
        ],
        "lines": [
            {
                "code": line.code,
                "title": say(line, "title", lang),
                "kind": kinds.get(line.kind, line.kind),
                "department": names.get(line.department, line.department),
                "towns": [names.get(code, code) for code in line.towns],
                "since": line.since,
            }
            for line in found.lines
        ],
    }
    return pages.render_page(request, "cases/desk/powers.html", context)

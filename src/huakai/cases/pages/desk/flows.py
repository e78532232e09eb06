"""Flows as the pack says them: the picture and the table of stages, moves and clocks."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huakai.cases import queries, services
from huakai.cases.definitions import SpanDef
from huakai.cases.pages.desk import drawing
from huakai.kernel.errors import N_, NotFound
from huakai.packs import queries as packs
from huakai.packs.types import say
from huakai.registry.access import ActorRequest, needs
from huakai.web import pages


@needs("unit.view")
def flows(request: ActorRequest) -> HttpResponse:
    """The flows a place runs."""
    menu, lang = queries.menu(request.actor.pack_code), get_language() or "zh-hans"
    lines = [
        {
            "code": flow.code,
            "title": say(flow, "title", lang),
            "steps": [say(s, "title", lang) for s in flow.steps],
        }
        for flow in menu.flows.values()
    ]
    return pages.render_page(request, "cases/desk/flows.html", {"flows": lines})


@needs("unit.view")
def flow(request: ActorRequest, code: str) -> HttpResponse:
    """One flow: drawn and in a table."""
    view, lang = packs.current(request.actor.pack_code), get_language() or "zh-hans"
    found = queries.menu_of(view).flows.get(code)
    if found is None:
        raise NotFound("flow_unknown", N_("没有这个流程"))
    stages = [
        {
            "title": say(stage, "title", lang),
            "clock": span_words(stage.clock) if stage.clock else stage.no_clock_because or "—",
            "moves": [
                {
                    "title": say(move, "title", lang),
                    "to": say(found.stage(move.to), "title", lang),
                    "by": _("、").join(who_words()[who.value] for who in move.by),
                }
                for move in stage.moves
            ],
        }
        for stage in found.stages
    ]
    context = {
        "title": say(found, "title", lang),
        "picture": drawing.drawn(found, lang),
        "stages": stages,
        "callers": [
            (say(c, "title", lang), span_words(c.first_answer), span_words(c.finish)) for c in found.callers
        ],
        "edition": view.number,
        "code": code,
        "counts": queries.edition_counts(request.actor, code) if request.actor.prefixes("pack.view") else (),
        "may_apply": request.actor.may("pack.apply", view.root_code),
    }
    return pages.render_page(request, "cases/desk/flow.html", context)


@needs("pack.apply")
def move_cases(request: ActorRequest, code: str, older: UUID) -> HttpResponse:
    """What moving running cases to today's edition would change; on POST, the act."""
    newer = packs.current(request.actor.pack_code)
    if request.method == "POST":
        moved = services.move_to_edition(
            flow=code, older=older, newer=newer.id, by=request.actor, now=request.now
        )
        said = _("已把{count}件移到第{number}版").format(count=moved, number=newer.number)
        return pages.go(request, reverse("cases:flow", args=[code]), say=said)
    plan = queries.edition_plan(request.actor, flow=code, older=older, newer=newer.id)
    return pages.render_page(request, "cases/desk/move_edition.html", {"plan": plan, "code": code})


def span_words(span: SpanDef) -> str:
    """A clock's length in words."""
    words = {
        "emergency_hours": _("{n} 小时（不分昼夜）"),
        "natural_hours": _("{n} 小时"),
        "working_hours": _("{n} 个工作小时"),
        "working_days": _("{n} 个工作日"),
        "natural_days": _("{n} 天"),
    }
    return words[span.unit].format(n=f"{span.amount.normalize():f}")


def who_words() -> dict[str, str]:
    """Who may make a move, in words."""
    return {
        "requester": _("点单人"),
        "opener": _("登记人"),
        "offeree": _("被派的志愿者或队伍"),
        "taker": _("承接人"),
        "volunteer": _("志愿者"),
        "dispatcher": _("派单员"),
        "handler": _("承办单位"),
        "co_handler": _("协办单位"),
        "finder": _("发现人或其小组"),
        "area_staff": _("属地单位"),
        "supervisor": _("督查员"),
        "platform": _("平台"),
    }

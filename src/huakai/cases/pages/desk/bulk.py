"""Many cases at once: choose what to do, look at what would happen row by row, then do it."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from huakai.cases import services
from huakai.cases.definitions import SpanDef
from huakai.cases.forms.asks import AskForm
from huakai.cases.forms.beside import ExtendForm, PickGroupForm, ReasonForm
from huakai.cases.pages.desk import acts, beside, door, inbox
from huakai.cases.queries import bulk as reads
from huakai.cases.queries import sheets
from huakai.cases.services.bulk import MOST
from huakai.kernel.errors import N_, NotAllowed, RuleBroken
from huakai.registry.access import ActorRequest
from huakai.web import pages
from huakai.web.errors import words_of

MOVE = "move:"


@door.staff("case.view")
def bulk(request: ActorRequest) -> HttpResponse:
    """What was ticked in the inbox, and one act on all of it."""
    chosen = reads.chosen(request.actor, _ids(request))
    act = request.POST.get("act", "")
    context: dict[str, Any] = {
        "chosen": chosen,
        "acts": _acts(request, chosen),
        "act": act,
        "client_key": request.POST.get("client_key", ""),
        "back": reverse("cases:inbox"),
    }
    step = request.POST.get("step", "")
    known = act in dict(context["acts"])
    if not chosen.cases or not known:
        return pages.render_page(request, "cases/desk/bulk.html", context)
    form = _form(request, act, chosen, bound=step in {"look", "do"})
    context |= {"form": form, "is_move": isinstance(form, AskForm), "choice": getattr(form, "choice", None)}
    filling = isinstance(form, AskForm) and acts.filling(request, form)
    if form.is_bound and not filling and form.is_valid():
        try:
            done = _act(request, act, chosen, form, dry=step == "look")
        except RuleBroken as error:
            if isinstance(error, NotAllowed):
                raise
            acts.refuse(form, error)
        else:
            if isinstance(done, HttpResponse):
                return done
            context |= {"results": _rows(chosen, done), "dry": step == "look", "sent": _sent(request)}
            context["fine"] = sum(result.ok for result in done)
    if isinstance(form, AskForm):
        form.mark_needed()
    status = 422 if form.is_bound and "results" not in context else 200
    return pages.render_page(request, "cases/desk/bulk.html", context, status=status)


def _ids(request: ActorRequest) -> list[UUID]:
    found = []
    for text in request.POST.getlist("case")[: MOST + 1]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    if len(found) > MOST:
        raise RuleBroken("too_many", N_("一次最多办{count}件，请分几次"), count=MOST)
    return found


def _acts(request: ActorRequest, chosen: reads.Chosen) -> list[tuple[str, str]]:
    found = [(MOVE + move.code, move.title) for move in chosen.moves]
    if chosen.cases:
        found.append(("extend", _("申请延期")))
        if request.actor.prefixes("case.dispatch"):
            found.append(("group", _("归入一组")))
            if len(chosen.cases) > 1:
                found.append(("merge", _("合并到第一件")))
    return found


def _form(request: ActorRequest, act: str, chosen: reads.Chosen, *, bound: bool) -> Any:
    data = request.POST if bound else None
    if act.startswith(MOVE):
        choice = next(move for move in chosen.moves if MOVE + move.code == act)
        units = inbox.unit_choices(request) if {"unit", "units"} & set(choice.asks) else ()
        return AskForm(data, choice=choice, units=units)
    if act == "group":
        groups = [(str(key), title) for key, title in sheets.open_groups(request.actor)]
        return PickGroupForm(data, groups=groups)
    return ExtendForm(data) if act == "extend" else ReasonForm(data)


def _act(
    request: ActorRequest, act: str, chosen: reads.Chosen, form: forms.Form, *, dry: bool
) -> tuple[services.BulkResult, ...] | HttpResponse:
    ids = [case.id for case in chosen.cases]
    who: dict[str, Any] = {"by": request.actor, "now": request.now}
    if isinstance(form, AskForm):
        given = form.given(lambda day: sheets.office_end(request.actor.pack_code, day))
        key = request.POST.get("client_key", "")[:64]
        move = act.removeprefix(MOVE)
        return services.move_many(case_ids=ids, move=move, given=given, client_key=key, dry=dry, **who)
    data = form.cleaned_data
    if act == "extend":
        return services.extend_many(
            case_ids=ids, span=_span(ids, data), reason=data["reason"], dry=dry, **who
        )
    if dry:
        return tuple(services.BulkResult(case_id) for case_id in ids)
    if act == "group":
        group = beside.into_group(request, data, ids, _area(chosen))
        return pages.go(request, reverse("cases:group", args=[group]), say=_("已归入"))
    services.merge_cases(into=ids[0], sources=ids[1:], reason=data["reason"], **who)
    return pages.go(request, reverse("cases:desk_case", args=[ids[0]]), say=_("已合并"))


def _span(ids: list[UUID], data: Any) -> SpanDef:
    cap = next((cap for each in ids if (cap := sheets.extension_cap(each))), None)
    if cap is None:
        raise RuleBroken("no_extension", N_("这类事项不能延期"))
    if not data["amount"] or data["amount"] > 366:
        raise RuleBroken("amount_missing", N_("请填写延长多少"), field="amount")
    return SpanDef(amount=data["amount"], unit=cap.unit)


def _area(chosen: reads.Chosen) -> str:
    """The unit all of them lie in: the longest common beginning that is a whole code of the place's tree."""
    codes = [case.area_code for case in chosen.cases]
    common = min(codes, key=len)
    while not all(code.startswith(common) for code in codes):
        common = common[:-1]
    return common


def _rows(chosen: reads.Chosen, done: tuple[services.BulkResult, ...]) -> list[tuple[Any, bool, str]]:
    named = {case.id: case for case in chosen.cases}
    return [(named[r.case_id], r.ok, words_of(r.problem) if r.problem else "") for r in done]


def _sent(request: ActorRequest) -> list[tuple[str, str]]:
    """Everything that was filled in, to be handed in again with the confirmation."""
    left_out = {"csrfmiddlewaretoken", "step", "client_key", "fill", "more"}
    return [
        (name, value) for name, values in request.POST.lists() if name not in left_out for value in values
    ]

"""What staff do to a case beside its moves: words, supervision, clocks, merge and split, reopening. One sheet each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huakai.cases import queries, services
from huakai.cases.definitions import SpanDef
from huakai.cases.forms import beside as shapes
from huakai.cases.pages.desk import acts, door, inbox
from huakai.cases.pages.desk.flows import span_words
from huakai.cases.pages.desk.panes import ACT_WORDS
from huakai.cases.queries import sheets
from huakai.cases.types import CaseCard, NewOrder
from huakai.kernel.clock import CHINA
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.packs.types import say
from huakai.registry.access import ActorRequest
from huakai.web import pages, wording

Made = Callable[["Asked"], forms.Form]
Done = Callable[["Asked", Any], None]


@dataclass(frozen=True)
class Asked:
    """The request for one act on one case."""

    request: ActorRequest
    card: CaseCard

    @property
    def sent(self) -> Any:
        return acts.sent(self.request)

    @property
    def who(self) -> dict[str, Any]:
        """Who acts when, as every service takes it."""
        return {"by": self.request.actor, "now": self.request.now}

    @property
    def case(self) -> dict[str, Any]:
        """The same with the case."""
        return {"case_id": self.card.row.id, **self.who}

    def close_of(self, day: date | None) -> datetime | None:
        """The end of the office day of a date."""
        return sheets.office_end(self.request.actor.pack_code, day) if day else None

    def key(self, number: int) -> str:
        """A key for each of several cases opened by one form."""
        return f"{self.request.POST.get('client_key', '')[:40]}:{number}"


@dataclass(frozen=True)
class Act:
    """One act: what it says when done, its form, and what it calls."""

    done: str
    form: Made
    run: Done
    hint: str = ""
    more: Callable[[Asked], str] | None = None
    """A sentence of what will happen, worked out for this case."""


def _plain(form: type[forms.Form]) -> Made:
    return lambda asked: form(asked.sent)


def _note(asked: Asked, data: Any) -> None:
    services.add_note(text=data["text"], **asked.case)


def _consult(asked: Asked, data: Any) -> None:
    held_on = data["held_on"] or asked.request.now.date()
    services.record_consultation(
        held_on=held_on, unit_codes=data["units"], decision=data["decision"], **asked.case
    )


def _supervise(asked: Asked, data: Any) -> None:
    services.supervise(reason=data["reason"], due_at=asked.close_of(data["due_at"]), **asked.case)


def _account(asked: Asked, data: Any) -> None:
    services.propose_account(reason=data["reason"], **asked.case)


def _pause(asked: Asked, data: Any) -> None:
    services.ask_pause(reason=data["reason"], **asked.case)


def _extend(asked: Asked, data: Any) -> None:
    cap = sheets.extension_cap(asked.card.row.id)
    if cap is None:
        raise RuleBroken("no_extension", N_("这类事项不能延期"))
    if not data["amount"]:
        raise RuleBroken("amount_missing", N_("请填写延长多少"), field="amount")
    if data["amount"] > 366:
        raise RuleBroken(
            "too_far", N_("每次最多延期{amount}，请核对"), field="amount", amount=str(cap.amount)
        )
    span = SpanDef(amount=data["amount"], unit=cap.unit)
    services.ask_extension(span=span, reason=data["reason"], **asked.case)


def _extend_hint(asked: Asked) -> str:
    cap = sheets.extension_cap(asked.card.row.id)
    return _("每次最多延期{span}，按同样的单位计算").format(span=span_words(cap)) if cap else ""


def _resume(asked: Asked, data: Any) -> None:
    services.resume(**asked.case)


def _merge_form(asked: Asked) -> forms.Form:
    lang = get_language() or "zh-hans"
    today = asked.request.now.astimezone(CHINA).date()
    near = [
        (
            str(c.number),
            f"#{c.number} {c.title} · {wording.nice_day(c.opened_at.astimezone(CHINA).date(), today, lang)}",
        )
        for c in sheets.merge_candidates(asked.request.actor, asked.card.row.id)
    ]
    return shapes.MergeForm(asked.sent, near=near)


def _merge(asked: Asked, form_data: Any) -> None:
    numbers = form_data["_found"]
    ids = sheets.ids_of_numbers(asked.request.actor, numbers)
    unknown = [number for number in numbers if number not in ids]
    if unknown:
        message = N_("没有找到{number}号单，或它不归您派单")
        raise RuleBroken("number_unknown", message, field="numbers", number=unknown[0])
    services.merge_cases(
        into=asked.card.row.id, sources=list(ids.values()), reason=form_data["reason"], **asked.who
    )


def _unmerge(asked: Asked, data: Any) -> None:
    services.unmerge_case(reason=data["reason"], **asked.case)


def _split_form(asked: Asked) -> forms.Form:
    lang = get_language() or "zh-hans"
    menu = queries.menu(asked.request.actor.pack_code)
    wanted = [(c.code, say(c, "title", lang)) for c in menu.categories.values() if c.kind != "order"]
    return shapes.LinesForm(asked.sent, categories=wanted)


def _split(asked: Asked, data: Any) -> None:
    rows = data["_rows"]
    if len(rows) < 2:
        raise RuleBroken("no_parts", N_("请至少写明拆成两件"), field="detail_0")
    for number, category, words in rows:
        if not category or not words:
            raise RuleBroken("part_empty", N_("请写明类别和什么事"), field=f"detail_{number}")
    parts = [
        NewOrder(client_key=asked.key(number), flow="", area_code="", category=category, detail=words)
        for number, category, words in rows
    ]
    services.split_case(parts=parts, **asked.case)


def _reopen(asked: Asked, data: Any) -> None:
    services.reopen_case(reason=data["reason"], **asked.case)


def _group_form(asked: Asked) -> forms.Form:
    groups = [(str(key), title) for key, title in sheets.open_groups(asked.request.actor)]
    return shapes.PickGroupForm(asked.sent, groups=groups)


def _group(asked: Asked, data: Any) -> None:
    into_group(asked.request, data, [asked.card.row.id], asked.card.row.area_code)


def into_group(request: ActorRequest, data: Any, ids: list[UUID], area_code: str) -> UUID:
    """Cases into a group that is there, or into a new one."""
    who: dict[str, Any] = {"by": request.actor, "now": request.now}
    if data.get("group"):
        group_id = UUID(data["group"])
        services.add_to_group(group_id=group_id, case_ids=ids, **who)
        return group_id
    made = services.NewGroup(data["kind"], data["title"], data["plan"], area_code)
    return services.group_cases(group=made, case_ids=ids, **who)


ACTS: dict[str, Act] = {
    "note": Act(N_("已记下"), _plain(shapes.NoteForm), _note, N_("只有办理这件事的人看得到")),
    "consult": Act(
        N_("会商已登记"),
        lambda asked: shapes.ConsultForm(asked.sent, units=inbox.unit_choices(asked.request)),
        _consult,
        N_("登记后不能修改"),
    ),
    "supervise": Act(N_("督办已发出"), _plain(shapes.SuperviseForm), _supervise, N_("督办不改变办理环节")),
    "account": Act(
        N_("追责建议已提交"),
        _plain(shapes.AccountForm),
        _account,
        N_("这只是建议，由有权的人决定"),
    ),
    "pause": Act(
        N_("已提交，等待批复"),
        _plain(shapes.ReasonForm),
        _pause,
        N_("批准以前时限照常计算"),
    ),
    "extend": Act(N_("已提交，等待批复"), _plain(shapes.ExtendForm), _extend, more=_extend_hint),
    "resume": Act(N_("已恢复计时"), _plain(forms.Form), _resume, N_("时限从剩下的时间继续计算")),
    "merge": Act(
        N_("已合并"),
        _merge_form,
        _merge,
        N_("写上的单子并入这一件一起办，点单人会收到同样的进度；只统计一件，可以取消合并"),
    ),
    "unmerge": Act(
        N_("已取消合并"),
        _plain(shapes.ReasonForm),
        _unmerge,
        N_("这一件回到合并前的环节，时限重新计算"),
    ),
    "split": Act(N_("已拆分"), _split_form, _split, N_("每一行成为新的一件，点单人不变，原件保留")),
    "reopen": Act(N_("已重新办理"), _plain(shapes.ReasonForm), _reopen, N_("回到复查环节，另计时限")),
    "group": Act(N_("已归入"), _group_form, _group, N_("同类的几件一起答复，每一件都保留")),
}


@door.staff("case.view")
def beside(request: ActorRequest, case_id: UUID, act: str) -> HttpResponse:
    """One act beside the moves: its sheet on GET, the act on POST."""
    card = queries.card(request.actor, case_id, now=request.now)
    known = ACTS.get(act)
    if known is None:
        raise NotFound("act_unknown", N_("没有这个操作"))
    asked = Asked(request, card)
    form = known.form(asked)
    more_rows = bool(request.POST.get("more"))
    if request.method == "POST" and not more_rows and form.is_valid():
        try:
            known.run(asked, _data(form))
            return pages.go(request, acts.back(request, case_id), say=_(known.done))
        except (NotAllowed, NotFound):
            raise
        except RuleBroken as error:
            acts.refuse(form, error)
    if act not in card.acts:
        raise NotAllowed("act_not_open", N_("这件事现在不能做这一步，或不归您的岗位做"))
    context = {
        "card": card,
        "act": act,
        "form": form,
        "label": _(ACT_WORDS[act]),
        "hint": _(known.hint) if known.hint else "",
        "more": known.more(asked) if known.more else "",
        "lines": form.lines() if isinstance(form, shapes.LinesForm) else (),
    }
    return acts.sheet(request, case_id, "beside", _(ACT_WORDS[act]), context)


def _data(form: forms.Form) -> dict[str, Any]:
    """What was written, with the numbers and rows a form reads out of it."""
    data = dict(form.cleaned_data)
    if isinstance(form, shapes.MergeForm):
        data["_found"] = form.found()
    if isinstance(form, shapes.LinesForm):
        data["_rows"] = form.filled_rows()
    return data

"""Words for what a pane shows beside the case: states, acts, photos by what they show."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from huakai.cases.definitions import SpanDef
from huakai.cases.pages.desk.flows import span_words
from huakai.cases.types import CaseCard, CaseRequest, CaseSupervision
from huakai.kernel.errors import N_

ACT_WORDS = {
    "note": N_("写备注"),
    "consult": N_("登记会商"),
    "supervise": N_("督办"),
    "account": N_("追责建议"),
    "pause": N_("申请暂停时限"),
    "extend": N_("申请延期"),
    "resume": N_("恢复计时"),
    "merge": N_("合并"),
    "unmerge": N_("取消合并"),
    "split": N_("拆分"),
    "reopen": N_("重新办理"),
    "group": N_("归入一组"),
}
LINE_ACTS = {
    "answer": N_("答复督办"),
    "lift": N_("解除督办"),
    "decide": N_("作出决定"),
    "appeal": N_("申诉"),
    "review": N_("复核申诉"),
}
STATE_WORDS = {
    "open": N_("待答复"),
    "answered": N_("已答复"),
    "lifted": N_("已解除"),
    "proposed": N_("待决定"),
    "decided": N_("予以追责"),
    "dismissed": N_("不予追责"),
    "appealed": N_("申诉中"),
    "final": N_("维持决定"),
    "asked": N_("待批复"),
    "allowed": N_("已同意"),
    "refused": N_("未同意"),
    "over": N_("已结束"),
    "waiting": N_("待回访"),
    "reached": N_("已接通"),
    "unreachable": N_("未接通"),
}
STATE_TONES = {
    "open": "warn",
    "proposed": "warn",
    "asked": "warn",
    "appealed": "warn",
    "waiting": "warn",
    "decided": "bad",
    "final": "bad",
    "refused": "wait",
    "unreachable": "wait",
}
KIND_WORDS = {
    "supervise": N_("督办"),
    "account": N_("追责问责"),
    "pause": N_("暂停时限"),
    "extend": N_("延期"),
    "activity": N_("办一场活动"),
    "campaign": N_("专项攻坚"),
}
SOLVED_WORDS = {"yes": N_("解决了"), "partly": N_("部分解决"), "no": N_("没有解决")}
MOMENTS = {"before": N_("办理前"), "after": N_("办理后"), "paper": N_("材料"), "": N_("照片")}


@dataclass(frozen=True)
class Beside:
    """A line beside the case with its words: kind, state, tone, what may be done."""

    line: Any
    kind: str
    state: str
    tone: str
    acts: tuple[tuple[str, str], ...] = ()
    span: str = ""


def word(table: dict[str, str], code: str) -> str:
    """The word for a code; the code itself when there is none."""
    return _(table[code]) if code in table else code


def acts_of(card: CaseCard) -> list[tuple[str, str]]:
    """What the reader may do beside the moves, in words."""
    return [(code, word(ACT_WORDS, code)) for code in card.acts if card.is_staff or code == "reopen"]


def in_words(line: Any, acts: tuple[str, ...] = (), span: str = "") -> Beside:
    """A line of supervision or a request as the templates take it."""
    return Beside(
        line=line,
        kind=word(KIND_WORDS, line.kind),
        state=word(STATE_WORDS, line.state),
        tone=STATE_TONES.get(line.state, "ok"),
        acts=tuple((act, word(LINE_ACTS, act)) for act in acts),
        span=span,
    )


def supervisions_of(card: CaseCard) -> list[Beside]:
    """督办 and 追责 of the case, newest first."""
    lines: tuple[CaseSupervision, ...] = card.around.supervisions
    return [in_words(line, line.acts) for line in reversed(lines)]


def requests_of(card: CaseCard) -> list[Beside]:
    """Pauses and extensions asked for, newest first."""
    lines: tuple[CaseRequest, ...] = card.around.requests
    return [in_words(line, span=span_of(line.amount, line.unit)) for line in reversed(lines)]


def span_of(amount: Decimal | None, unit: str) -> str:
    """“2 个工作日”, or nothing."""
    if amount is None or not unit:
        return ""
    return span_words(SpanDef.model_validate({"amount": amount, "unit": unit}))


def photos_of(card: CaseCard) -> list[tuple[str, list[Any]]]:
    """Photos by what they show: before, after, papers, the rest."""
    moments = {photo.id: photo.moment for photo in card.around.photos}
    groups: dict[str, list[Any]] = {}
    for photo in card.photo_ids:
        groups.setdefault(moments.get(photo, ""), []).append(photo)
    return [(word(MOMENTS, code), groups[code]) for code in MOMENTS if code in groups]

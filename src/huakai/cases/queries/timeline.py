"""What happened to a case, in words: from the record, with the words of its notes."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as translate

from huakai.audit.types import Event
from huakai.cases import events
from huakai.cases.definitions import Flow
from huakai.cases.types import TimelineLine
from huakai.kernel.errors import N_
from huakai.packs.types import say

SHOWN = {
    events.OPENED: N_("点单"),
    events.MOVED: N_("流转"),
    events.OFFERED: N_("派单"),
    events.ACCEPTED: N_("接单"),
    events.DECLINED: N_("不接"),
    events.EXPIRED: N_("超时未接"),
    events.WITHDRAWN: N_("收回派单"),
    events.HANDED_BACK: N_("退回"),
    events.ASSIGNED: N_("派发"),
    events.RETURNED: N_("退回"),
    events.ANSWERED: N_("答复"),
    events.CLOSED: N_("办结"),
    events.CANCELLED: N_("撤单"),
    events.RATED: N_("评单"),
    events.FED_BACK: N_("反馈"),
    events.REPORTED: N_("报送办理结果"),
    events.CHECK_FAILED: N_("复查不合格"),
    events.PARTS_GIVEN: N_("交协办单位"),
    events.PART_ACCEPTED: N_("协办单位受理"),
    events.PART_DONE: N_("协办单位办完"),
    events.PART_RETURNED: N_("协办单位退回"),
    events.PARKED: N_("转入台账"),
    events.REVIEWED: N_("重新研究"),
    events.PAUSED: N_("时限暂停"),
    events.RESUMED: N_("恢复计时"),
    events.EXTENDED: N_("准予延期"),
    events.MERGED: N_("合并办理"),
    events.UNMERGED: N_("取消合并"),
    events.SPLIT: N_("拆分办理"),
    events.REOPENED: N_("重新办理"),
    events.CALLED_BACK: N_("电话回访"),
    events.GROUPED: N_("归入一组办理"),
    events.GROUP_ANSWERED: N_("统一答复"),
}
"""What everybody with the case reads."""
STAFF_ONLY = {
    events.ESCALATED: N_("时限提醒"),
    events.SUPERVISED: N_("督办"),
    events.SUPERVISION_ANSWERED: N_("督办答复"),
    events.SUPERVISION_LIFTED: N_("解除督办"),
    events.ACCOUNT_PROPOSED: N_("追责建议"),
    events.ACCOUNT_DECIDED: N_("追责决定"),
    events.ACCOUNT_APPEALED: N_("申诉"),
    events.APPEAL_DECIDED: N_("申诉复核"),
    events.PAUSE_ASKED: N_("申请暂停时限"),
    events.EXTENSION_ASKED: N_("申请延期"),
    events.REQUEST_REFUSED: N_("申请未获批准"),
    events.FOLLOWED: N_("又有人遇到"),
    events.CONSULTED: N_("会商"),
    events.EDITION_MOVED: N_("改用新版流程"),
    events.NOTED: N_("内部备注"),
}
"""What the offices read beside it; never the one who ordered."""
STATES = {
    "decided": N_("予以追责"),
    "dismissed": N_("不予追责"),
    "final": N_("维持决定"),
    "reached": N_("已接通"),
    "unreachable": N_("未接通"),
}
ACTS = {"remind": N_("提醒"), "supervise": N_("督办"), "propose_account": N_("追责建议")}


def lines_of(
    happened: Iterable[Event], notes: Mapping[str, str], flow: Flow, lang: str, *, staff: bool
) -> tuple[TimelineLine, ...]:
    """Newest first."""
    titles = {move.code: say(move, "title", lang) for stage in flow.stages for move in stage.moves}
    known = SHOWN | STAFF_ONLY if staff else SHOWN
    lines = [_line(event, titles, notes, flow, lang) for event in happened if event.name in known]
    return tuple(reversed(lines))


def _line(
    event: Event, titles: Mapping[str, str], notes: Mapping[str, str], flow: Flow, lang: str
) -> TimelineLine:
    move = str(event.after.get("move", ""))
    first = say(flow.steps[0], "title", lang)
    title = first if event.name == events.OPENED else titles.get(move) or _title(event)
    stars = event.after.get("stars")
    note = "★" * int(stars) if stars else notes.get(str(event.after.get("note", "")), "")
    return TimelineLine(at=event.at, title=title, note=note or _detail(event))


def _title(event: Event) -> str:
    return translate({**SHOWN, **STAFF_ONLY}[event.name])


def _detail(event: Event) -> str:
    """A word more where the record holds one: what was decided, which rung, who could not be reached."""
    state = STATES.get(str(event.after.get("state", "")))
    word = state or ACTS.get(str(event.after.get("act", "")))
    return translate(word) if word else ""

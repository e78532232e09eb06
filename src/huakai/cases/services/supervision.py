"""督办 and 追责问责: lists beside a case that do not move it; 办结 remains to be done (rows ZK-01, SZ-34)."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from huakai.cases import events
from huakai.cases.models import Case, Supervision
from huakai.cases.services import standing
from huakai.cases.types import Status
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.kernel.ids import new_id
from huakai.registry.types import Actor

SUPERVISE, ACCOUNT = "supervise", "account"


@transaction.atomic
def supervise(*, case_id: UUID, reason: str, due_at: datetime | None, by: Actor, now: datetime) -> UUID:
    """Order the lead unit to answer by `due_at`. One standing order a unit; the case stays where it is."""
    case = standing.locked(case_id)
    _require(by, "case.supervise", case.area_code)
    if due_at is not None and due_at <= now:
        raise RuleBroken("due_past", N_("答复期限要在今天以后"), field="due_at")
    made = _made(case, SUPERVISE, "open", _said(reason), by, now)
    made.due_at = due_at
    return _stored(made, case, events.SUPERVISED, by, now)


@transaction.atomic
def answer_supervision(*, supervision_id: UUID, answer: str, by: Actor, now: datetime) -> None:
    """The unit under supervision answers; the order stands until it is lifted."""
    made, case = _locked(supervision_id, SUPERVISE)
    _require(by, "case.move", made.unit_code)
    _expect(made, "open", "answered")
    made.state, made.answer, made.answered_by, made.answered_at = "answered", _said(answer), by.person_id, now
    made.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    standing.record(case, events.SUPERVISION_ANSWERED, by, now, supervision=str(made.id), unit=made.unit_code)


@transaction.atomic
def lift_supervision(*, supervision_id: UUID, decision: str, by: Actor, now: datetime) -> None:
    """The supervisor is satisfied, or has another reason to end the order."""
    made, case = _locked(supervision_id, SUPERVISE)
    _require(by, "case.supervise", made.area_code)
    _expect(made, "open", "answered")
    _decide(made, "lifted", decision, "", by, now)
    standing.record(case, events.SUPERVISION_LIFTED, by, now, supervision=str(made.id), unit=made.unit_code)


@transaction.atomic
def propose_account(*, case_id: UUID, reason: str, by: Actor, now: datetime) -> UUID:
    """Propose to hold the lead unit to account. A person decides; a proposal alone says nothing about anybody."""
    case = standing.locked(case_id)
    if not (by.may("case.supervise", case.area_code) or by.may("case.account", case.area_code)):
        raise NotAllowed("not_allowed", NOT_YOURS)
    made = _made(case, ACCOUNT, "proposed", _said(reason), by, now)
    return _stored(made, case, events.ACCOUNT_PROPOSED, by, now)


@transaction.atomic
def decide_account(
    *, supervision_id: UUID, holds: bool, decision: str, document: str, by: Actor, now: datetime
) -> None:
    """Decide on a proposal, with words and the document it rests on; never by who proposed it."""
    made, case = _locked(supervision_id, ACCOUNT)
    _require(by, "case.account", made.area_code)
    _expect(made, "proposed")
    if made.ordered_by is not None and made.ordered_by == by.person_id:
        raise RuleBroken("own_proposal", N_("自己提出的追责建议要由别人决定"))
    if holds and not document.strip():
        raise RuleBroken("document_missing", N_("请写明依据的文件或决定书编号"), field="document")
    _decide(made, "decided" if holds else "dismissed", decision, document, by, now)
    standing.record(case, events.ACCOUNT_DECIDED, by, now, supervision=str(made.id), state=made.state)


@transaction.atomic
def appeal_account(*, supervision_id: UUID, words: str, by: Actor, now: datetime) -> None:
    """The unit objects to a decision, once."""
    made, case = _locked(supervision_id, ACCOUNT)
    _require(by, "case.move", made.unit_code)
    _expect(made, "decided")
    made.state, made.appeal, made.appealed_at = "appealed", _said(words)[:1000], now
    made.save(update_fields=["state", "appeal", "appealed_at"])
    standing.record(case, events.ACCOUNT_APPEALED, by, now, supervision=str(made.id))


@transaction.atomic
def decide_appeal(*, supervision_id: UUID, upheld: bool, decision: str, by: Actor, now: datetime) -> None:
    """Somebody other than who decided looks again: the decision stays (final) or falls (dismissed)."""
    made, case = _locked(supervision_id, ACCOUNT)
    _require(by, "case.account", made.area_code)
    _expect(made, "appealed")
    if made.decided_by == by.person_id:
        raise RuleBroken("own_decision", N_("申诉要由作出决定以外的人来复核"))
    made.state = "final" if upheld else "dismissed"
    made.appeal_decision, made.appeal_decided_by, made.appeal_decided_at = (
        _said(decision)[:1000],
        by.person_id,
        now,
    )
    made.save(update_fields=["state", "appeal_decision", "appeal_decided_by", "appeal_decided_at"])
    standing.record(case, events.APPEAL_DECIDED, by, now, supervision=str(made.id), state=made.state)


NOT_YOURS = N_("您的岗位没有督办或追责的权限")


def _require(by: Actor, action: str, code: str) -> None:
    if not by.may(action, code):
        raise NotAllowed("not_allowed", NOT_YOURS)


def _said(text: str) -> str:
    if not text.strip():
        raise RuleBroken("words_missing", N_("请写明内容和理由"), field="reason")
    return text.strip()


def _made(case: Case, kind: str, state: str, reason: str, by: Actor, now: datetime) -> Supervision:
    if case.status not in (Status.OPEN, Status.PARKED):
        raise RuleBroken("not_open", N_("这件事已经办结或撤销，不能再督办"))
    if case.lead_unit_id is None:
        raise RuleBroken("no_unit", N_("还没有派给承办单位，请先派发"))
    return Supervision(
        id=new_id(now),
        case=case,
        kind=kind,
        state=state,
        unit_id=case.lead_unit_id,
        unit_code=case.lead_unit_code,
        area_code=case.area_code,
        reason=reason[:500],
        ordered_by=by.person_id,
        ordered_at=now,
    )


def _stored(made: Supervision, case: Case, event: str, by: Actor, now: datetime) -> UUID:
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as taken:
        raise RuleBroken("stands_already", N_("这个单位在这件事上已有一条未了的记录")) from taken
    standing.record(case, event, by, now, supervision=str(made.id), unit=made.unit_code)
    return made.id


def _locked(supervision_id: UUID, kind: str) -> tuple[Supervision, Case]:
    """The case first, then what stands beside it: the same order everywhere, so nobody waits in a circle."""
    known = Supervision.objects.filter(pk=supervision_id, kind=kind).values_list("case_id", flat=True).first()
    if known is None:
        raise NotFound("supervision_unknown", N_("没有找到这条督办或追责记录"))
    case = standing.locked(known)
    return Supervision.objects.select_for_update().get(pk=supervision_id), case


def _expect(made: Supervision, *states: str) -> None:
    if made.state not in states:
        raise RuleBroken("state_wrong", N_("这条记录已经处理过了，请刷新查看"))


def _decide(made: Supervision, state: str, decision: str, document: str, by: Actor, now: datetime) -> None:
    made.state, made.decision, made.document = state, _said(decision)[:1000], document.strip()[:120]
    made.decided_by, made.decided_at = by.person_id, now
    made.save(update_fields=["state", "decision", "document", "decided_by", "decided_at"])

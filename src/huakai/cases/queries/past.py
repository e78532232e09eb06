"""A case as it stood on a day, and the ledger of its clocks in words: from the record and the ledger, never guessed."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huakai.audit import queries as audit
from huakai.audit.types import Subject
from huakai.cases.definitions import ANSWER, FINISH, STAGE, Flow
from huakai.cases.models import Assignment, Case, ClockEvent
from huakai.cases.queries import catalogue, clocks
from huakai.cases.types import ClockNow, LedgerLine, Stood, StoodLink
from huakai.kernel.clock import CHINA
from huakai.kernel.errors import N_, RuleBroken
from huakai.packs.types import say
from huakai.registry import queries as registry


def stood_on(case_id: UUID, on: date, *, now: datetime) -> Stood:
    """Stage, chain and clocks at the end of a day. The caller has checked that the reader may see the case.

    RuleBroken for a day before the case was there, or after today.
    """
    end = min(_end_of(on), now)
    case = Case.objects.get(pk=case_id)
    happened = [e for e in audit.history(Subject("case", str(case_id))) if e.at <= end]
    if not happened or on > now.astimezone(CHINA).date():
        raise RuleBroken("not_there", N_("那一天还没有这件单子，请换一个日期"), field="on")
    lang = get_language() or "zh-hans"
    flow = catalogue.menu_of_edition(case.edition_id).flows[case.flow]
    code = next((str(e.after["stage"]) for e in reversed(happened) if "stage" in e.after), flow.start)
    stage = flow.stage(code)
    ledger = clocks.ledger(case_id, until=end)
    return Stood(
        on=on,
        stage_title=say(stage, "title", lang),
        tone=stage.tone,
        chain=_chain(case_id, end),
        clocks=tuple(
            ClockNow(
                clock=clock_title(flow, state.clock, lang),
                run=state.run,
                due_at=state.due_at,
                stopped_at=state.stopped_at,
                paused_since=state.paused_since,
                is_late=(state.stopped_at or end) > state.due_at,
            )
            for state in clocks.states(ledger, now=end)
        ),
        events=len(happened),
    )


def _end_of(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=CHINA) + timedelta(days=1)


def _chain(case_id: UUID, end: datetime) -> tuple[StoodLink, ...]:
    """Who had been asked by then and what they had answered."""
    links = list(Assignment.objects.filter(case_id=case_id, offered_at__lte=end).order_by("offered_at"))
    names = registry.names_of(
        units=(link.unit_id for link in links),
        persons=(link.person_id for link in links),
        teams=(link.team_id for link in links),
    )
    return tuple(StoodLink(_name(link, names), _state(link, end), link.is_part) for link in links)


def _name(link: Assignment, names: Mapping[UUID, str]) -> str:
    key = link.unit_id or link.team_id or link.person_id
    return names.get(key, "") if key else ""


def _state(link: Assignment, end: datetime) -> str:
    if link.answered_at is not None and link.answered_at <= end:
        return link.state
    return "accepted" if link.accepted_at is not None and link.accepted_at <= end else "offered"


def clock_title(flow: Flow, code: str, lang: str) -> str:
    """A clock in words."""
    known = {STAGE: _("本环节"), ANSWER: _("首次答复"), FINISH: _("办结")}
    own = next((say(clock, "title", lang) for clock in flow.clocks if clock.code == code), code)
    return known.get(code, own)


def ledger_lines(case_id: UUID) -> tuple[LedgerLine, ...]:
    """时限台账: every line of the ledger, in order. The caller has checked that the reader may see the case."""
    case = Case.objects.only("edition_id", "flow").get(pk=case_id)
    flow, lang = catalogue.menu_of_edition(case.edition_id).flows[case.flow], get_language() or "zh-hans"
    rows = list(ClockEvent.objects.filter(case_id=case_id).order_by("id"))
    names = registry.masked_names(row.by for row in rows)
    acts = {
        "start": _("开始"),
        "pause": _("暂停"),
        "resume": _("恢复"),
        "extend": _("延长"),
        "transfer": _("转办"),
        "stop": _("停止"),
    }
    return tuple(
        LedgerLine(
            at=row.at,
            clock=clock_title(flow, row.clock, lang),
            run=row.run,
            act=acts.get(row.act, row.act),
            amount=row.amount,
            unit=row.unit,
            due_at=row.due_at,
            reason=row.reason,
            by=names.get(row.by, "") if row.by else "",
        )
        for row in rows
    )

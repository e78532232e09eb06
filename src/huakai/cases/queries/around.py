"""What stands beside one case, read in one statement: notes, quantities, supervision, requests, links, groups …"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from huakai.cases.definitions import Flow
from huakai.cases.models import Case
from huakai.cases.queries import catalogue
from huakai.cases.queries.choices import plain, quantity_title
from huakai.cases.types import (
    Around,
    CaseRequest,
    CaseSupervision,
    ConsultationLine,
    EscalationLine,
    GroupAnswer,
    LinkLine,
    NoteLine,
    OriginLine,
    PhotoLine,
    QuantityLine,
    Who,
)
from huakai.packs.types import say
from huakai.registry.types import Actor

# One statement: every page of a case asks this, and each part alone would be a round trip. Empty parts come as NULL.
# What the one who ordered may read comes first; the rest is asked for staff only.
_EVERYBODY = """
  (SELECT json_agg(t) FROM (SELECT id, text FROM cases_note WHERE case_id = %(case)s AND kind <> 'internal') t),
  (SELECT json_agg(t) FROM (SELECT code, amount::text, mark, measure FROM cases_quantity
     WHERE case_id = %(case)s ORDER BY code) t),
  (SELECT json_agg(t) FROM (SELECT g.id, g.kind, g.title, g.state, g.answer FROM cases_groupmember m
     JOIN cases_casegroup g ON g.id = m.group_id WHERE m.case_id = %(case)s ORDER BY m.at) t),
  (SELECT json_agg(t) FROM (SELECT photo, moment FROM cases_casephoto WHERE case_id = %(case)s) t),
  (SELECT json_agg(t) FROM (SELECT l.kind, l.at, l.target_id = %(case)s AS is_target, o.id, o.number, o.title, o.status,
       o.restricted, o.category, o.edition_id
     FROM cases_caselink l JOIN cases_case o ON o.id = CASE WHEN l.source_id = %(case)s THEN l.target_id
       ELSE l.source_id END
     WHERE %(case)s IN (l.source_id, l.target_id) AND l.undone_at IS NULL ORDER BY l.at) t)"""
_STAFF = """,
  (SELECT json_agg(t) FROM (SELECT n.at, n.text, p.name_masked AS author FROM cases_note n
     LEFT JOIN registry_person p ON p.id = n.author
     WHERE n.case_id = %(case)s AND n.kind = 'internal' ORDER BY n.at DESC) t),
  (SELECT json_agg(t) FROM (SELECT held_on, unit_codes, decision, at,
       ARRAY(SELECT u.name FROM registry_unit u WHERE u.code IN (SELECT json_array_elements_text(unit_codes::json))
         ORDER BY u.code) AS units
     FROM cases_consultation WHERE case_id = %(case)s ORDER BY at) t),
  (SELECT json_agg(t) FROM (SELECT s.*, u.name AS unit_name FROM cases_supervision s
     JOIN registry_unit u ON u.id = s.unit_id WHERE s.case_id = %(case)s ORDER BY s.id) t),
  (SELECT json_agg(t) FROM (SELECT r.*, r.amount::text AS so_much FROM cases_clockrequest r
     WHERE r.case_id = %(case)s ORDER BY r.id) t),
  (SELECT json_agg(t) FROM (SELECT e.clock, e.rung, e.act, e.at, u.name AS unit FROM cases_escalation e
     LEFT JOIN registry_unit u ON u.code = e.unit_code WHERE e.case_id = %(case)s ORDER BY e.id DESC) t),
  (SELECT count(*) FROM cases_follower WHERE case_id = %(case)s),
  (SELECT json_agg(t) FROM (SELECT v.id, v.kind, v.visited_on, a.name AS area, a.code FROM cases_visit v
     JOIN registry_unit a ON a.id = v.area_id WHERE v.id = %(origin)s) t)"""
_FOR_STAFF = f"SELECT {_EVERYBODY}{_STAFF}"
_FOR_OTHERS = f"SELECT {_EVERYBODY}"


@dataclass(frozen=True)
class Read:
    """What the statement brought: texts of notes by key for the timeline, and the rest."""

    notes: dict[str, str]
    around: Around


def around(case: Case, flow: Flow, actor: Actor, who: frozenset[Who], lang: str, *, staff: bool) -> Read:
    """Everything beside the case that this reader may read, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_FOR_STAFF if staff else _FOR_OTHERS, {"case": case.id, "origin": case.origin_id})
        row = cursor.fetchone()
    assert row is not None
    notes, quantities, groups, photos, links, *rest = row
    common: dict[str, Any] = {
        "quantities": tuple(_quantity(each, flow, lang) for each in quantities or ()),
        "groups": tuple(
            GroupAnswer(UUID(g["id"]), g["kind"], g["title"], g["state"], g["answer"]) for g in groups or ()
        ),
        "photos": tuple(PhotoLine(UUID(p["photo"]), p["moment"]) for p in photos or ()),
        "links": tuple(_link(each, lang) for each in links or ()),
    }
    texts = {str(n["id"]): str(n["text"]) for n in notes or ()}
    if not staff:
        return Read(texts, Around(**common))
    internal, consultations, supervisions, requests, escalations, followers, visits = rest
    return Read(
        texts,
        Around(
            **common,
            notes=tuple(NoteLine(_at(n["at"]), n["text"], n["author"] or "") for n in internal or ()),
            consultations=tuple(
                ConsultationLine(
                    date.fromisoformat(c["held_on"]), tuple(c["units"]), c["decision"], _at(c["at"])
                )
                for c in consultations or ()
            ),
            supervisions=tuple(_supervision(each, case, actor) for each in supervisions or ()),
            requests=tuple(_request(each, flow, actor, who) for each in requests or ()),
            escalations=tuple(_escalation(each, flow, lang) for each in escalations or ()),
            followers=followers,
            origin=_origin(case, visits or (), lang),
        ),
    )


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _maybe(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _quantity(row: dict[str, Any], flow: Flow, lang: str) -> QuantityLine:
    title = quantity_title(flow, row["code"], lang)
    return QuantityLine(row["code"], title, plain(Decimal(row["amount"])), row["mark"], row["measure"])


WAYS = {
    ("merge", False): "merged_into",
    ("merge", True): "took_in",
    ("split", False): "split_from",
    ("split", True): "split_into",
}


def _link(row: dict[str, Any], lang: str) -> LinkLine:
    title = row["title"]
    if row["restricted"]:
        category = catalogue.menu_of_edition(UUID(row["edition_id"])).categories.get(row["category"])
        title = say(category, "title", lang) if category else ""
    return LinkLine(
        way=WAYS[row["kind"], row["is_target"]],
        case_id=UUID(row["id"]),
        number=row["number"],
        title=title,
        status=row["status"],
        at=_at(row["at"]),
    )


def _supervision(row: dict[str, Any], case: Case, actor: Actor) -> CaseSupervision:
    return CaseSupervision(
        id=UUID(row["id"]),
        kind=row["kind"],
        state=row["state"],
        unit=row["unit_name"],
        unit_code=row["unit_code"],
        reason=row["reason"],
        due_at=_maybe(row["due_at"]),
        ordered_at=_at(row["ordered_at"]),
        by_platform=row["ordered_by"] is None,
        answer=row["answer"],
        answered_at=_maybe(row["answered_at"]),
        decision=row["decision"],
        document=row["document"],
        decided_at=_maybe(row["decided_at"]),
        appeal=row["appeal"],
        appeal_decision=row["appeal_decision"],
        acts=acts_on(row["kind"], row["state"], row["unit_code"], row["area_code"], actor),
    )


def acts_on(kind: str, state: str, unit_code: str, area_code: str, actor: Actor) -> tuple[str, ...]:
    """What the actor may do about a line of supervision or accountability now; who is barred, the service says."""
    found = []
    if kind == "supervise":
        if state == "open" and actor.may("case.move", unit_code):
            found.append("answer")
        if state in {"open", "answered"} and actor.may("case.supervise", area_code):
            found.append("lift")
        return tuple(found)
    if state == "proposed" and actor.may("case.account", area_code):
        found.append("decide")
    if state == "decided" and actor.may("case.move", unit_code):
        found.append("appeal")
    if state == "appealed" and actor.may("case.account", area_code):
        found.append("review")
    return tuple(found)


def _request(row: dict[str, Any], flow: Flow, actor: Actor, who: frozenset[Who]) -> CaseRequest:
    rule = flow.pause if row["kind"] == "pause" else flow.extension
    mine = row["asked_by"] == str(actor.person_id)
    return CaseRequest(
        id=UUID(row["id"]),
        kind=row["kind"],
        state=row["state"],
        amount=plain(Decimal(row["so_much"])) if row["so_much"] else None,
        unit=row["unit"],
        reason=row["reason"],
        asked_at=_at(row["asked_at"]),
        decision=row["decision"],
        decided_at=_maybe(row["decided_at"]),
        may_decide=row["state"] == "asked" and rule is not None and bool(who & set(rule.allow)) and not mine,
    )


def _escalation(row: dict[str, Any], flow: Flow, lang: str) -> EscalationLine:
    rung = next((r for r in flow.ladder if r.code == row["rung"] and r.clock == row["clock"]), None)
    title = say(rung, "title", lang) if rung else row["rung"]
    return EscalationLine(title, row["act"], row["unit"] or "", _at(row["at"]))


def _origin(case: Case, visits: Any, lang: str) -> OriginLine | None:
    if case.origin_id is None:
        return None
    words = {
        "visit": _("走访巡查"),
        "meeting": _("会议"),
        "inspection": _("检查"),
        "case": _("另一件单子"),
        "activity": _("活动"),
    }
    title = words.get(case.origin_kind, case.origin_kind)
    for visit in visits:
        kind = catalogue.menu_of_edition(case.edition_id).visit_kinds.get(visit["kind"])
        named = say(kind, "title", lang) if kind else title
        title = f"{named} · {visit['area']} · {visit['visited_on']}"
    return OriginLine(case.origin_kind, case.origin_id, title)

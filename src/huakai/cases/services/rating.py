"""Rating a closed case: several raters, each once; silence is not a rating, and unhappy is not the end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from huakai.cases import events
from huakai.cases.definitions import Rating as RatingDef
from huakai.cases.models import Case, Rating
from huakai.cases.queries import facts
from huakai.cases.services import standing
from huakai.cases.services.reopening import reopen_for_check
from huakai.cases.types import Status
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.kernel.ids import new_id
from huakai.registry.types import Actor


@dataclass(frozen=True)
class Aspects:
    """Response (响应) and attitude in stars, solved (解决) as yes, partly or no; apart from the stars overall."""

    response: int | None = None
    solved: str = ""
    attitude: int | None = None


@dataclass(frozen=True)
class _Verdict:
    stars: int
    comment: str
    aspects: Aspects


NOT_ASKED = Aspects()


@transaction.atomic
def rate_case(
    *,
    case_id: UUID,
    stars: int,
    comment: str,
    by: Actor,
    now: datetime,
    aspects: Aspects = NOT_ASKED,
) -> None:
    """Record one rater's stars (1–5). The same stars again change nothing; other stars are refused.

    Where the flow says so, an unhappy rating opens a check again, with a deadline of its own.
    """
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None or by.person_id is None:
        raise NotFound("case_unknown", N_("没有找到这张单子"))
    role = _role(case, by)
    rated = Rating.objects.filter(case=case, rater_role=role, rater_id=by.person_id, round=case.reopened)
    before = rated.first()
    if before is not None:
        if before.stars != stars:
            raise RuleBroken("rated_already", N_("您已经评过这张单子了"))
        return
    verdict = _Verdict(stars, comment, aspects)
    rule = _rule(case, role, verdict, now)
    _keep(case, role, verdict, by, now)
    standing.record(case, events.RATED, by, now, role=role, stars=stars)
    if role == "requester" and is_unhappy(rule, stars, aspects.solved):
        reopen_for_check(case, rule, by, now)


def is_unhappy(rule: RatingDef, stars: int | None, solved: str) -> bool:
    """So few stars, or “not solved”, where the flow opens a check for it."""
    few = stars is not None and stars <= rule.unhappy_stars
    return bool(rule.recheck) and rule.unhappy_stars > 0 and (few or solved == "no")


def _keep(case: Case, role: str, verdict: _Verdict, by: Actor, now: datetime) -> None:
    assert by.person_id is not None
    Rating.objects.create(
        id=new_id(now),
        case=case,
        rater_id=by.person_id,
        rater_role=role,
        stars=verdict.stars,
        comment=verdict.comment.strip()[:500],
        at=now,
        response_stars=verdict.aspects.response,
        attitude_stars=verdict.aspects.attitude,
        solved=verdict.aspects.solved,
        round=case.reopened,
    )
    if role == "requester":
        case.stars = verdict.stars
        case.solved = {"yes": True, "no": False}.get(verdict.aspects.solved, case.solved)
        case.save(update_fields=["stars", "solved"])


def _role(case: Case, by: Actor) -> str:
    if facts.ordered_by(case, by):
        return "requester"
    if facts.rules_over(case, by, "case.rate"):
        return "station"
    raise NotAllowed("not_allowed", N_("只有点单人和所在实践站可以评这张单子"))


def _rule(case: Case, role: str, verdict: _Verdict, now: datetime) -> RatingDef:
    rule = standing.flow_of(case).rating
    if rule is None or role not in {r.role for r in rule.raters}:
        raise RuleBroken("no_rating", N_("这类单子不需要您来评"))
    if case.status != Status.CLOSED or case.closed_at is None:
        raise RuleBroken("not_closed", N_("办结以后才能评单"))
    if now > case.closed_at + timedelta(days=rule.days):
        raise RuleBroken("rating_over", N_("评单时间已过（办结后{days}天内）"), days=rule.days)
    if verdict.stars not in range(1, 6):
        raise RuleBroken("stars_missing", N_("请点选一到五颗星"), field="stars")
    asked = (verdict.aspects.response, verdict.aspects.attitude)
    if any(part is not None and part not in range(1, 6) for part in asked) or verdict.aspects.solved not in {
        "",
        "yes",
        "partly",
        "no",
    }:
        raise RuleBroken("aspects_wrong", N_("请为响应、解决、态度分别选择"), field="stars")
    return rule

"""Rating a closed case: several raters, each once; silence is not a rating."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.cases import events
from huakai.cases.definitions import Flow
from huakai.cases.models import Case, Rating
from huakai.cases.queries import facts
from huakai.cases.types import Status
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.kernel.ids import new_id
from huakai.packs import queries as packs
from huakai.registry.types import Actor


@transaction.atomic
def rate_case(*, case_id: UUID, stars: int, comment: str, by: Actor, now: datetime) -> None:
    """Record one rater's stars (1–5). The same stars again change nothing; other stars are refused."""
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None or by.person_id is None:
        raise NotFound("case_unknown", N_("没有找到这张单子"))
    role = _role(case, by)
    _refuse_unratable(case, role, stars, now)
    before = Rating.objects.filter(case=case, rater_role=role, rater_id=by.person_id).first()
    if before is not None:
        if before.stars != stars:
            raise RuleBroken("rated_already", N_("您已经评过这张单子了"))
        return
    Rating.objects.create(
        id=new_id(now),
        case=case,
        rater_id=by.person_id,
        rater_role=role,
        stars=stars,
        comment=comment.strip()[:500],
        at=now,
    )
    if role == "requester":
        case.stars = stars
        case.save(update_fields=["stars"])
    audit.record(
        Fact(
            name=events.RATED,
            subject=Subject("case", str(case.id)),
            at=now,
            actor_id=by.person_id,
            after={"role": role, "stars": stars},
            edition_id=case.edition_id,
            area_code=case.area_code,
            request_id=by.request_id,
        )
    )


def _role(case: Case, by: Actor) -> str:
    if facts.ordered_by(case, by):
        return "requester"
    if by.may("case.rate", case.area_code):
        return "station"
    raise NotAllowed("not_allowed", N_("只有点单人和所在实践站可以评这张单子"))


def _refuse_unratable(case: Case, role: str, stars: int, now: datetime) -> None:
    flow = packs.edition(case.edition_id).get("cases", case.flow)
    assert isinstance(flow, Flow)
    if flow.rating is None or role not in {r.role for r in flow.rating.raters}:
        raise RuleBroken("no_rating", N_("这类单子不需要您来评"))
    if case.status != Status.CLOSED or case.closed_at is None:
        raise RuleBroken("not_closed", N_("办结以后才能评单"))
    if now > case.closed_at + timedelta(days=flow.rating.days):
        raise RuleBroken("rating_over", N_("评单时间已过（办结后{days}天内）"), days=flow.rating.days)
    if stars not in range(1, 6):
        raise RuleBroken("stars_missing", N_("请点选一到五颗星"), field="stars")

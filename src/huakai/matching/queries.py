"""Reads of matching: the latest proposals of a case, in words."""

from uuid import UUID

from django.utils.translation import gettext as _

from huakai.matching.models import Proposal, Round
from huakai.matching.types import ProposalLine, ProposalSet


def proposals(case_id: UUID) -> ProposalSet:
    """The latest round for a case: ranked takers with reasons, or why there is nobody; not ready before it ran."""
    latest = Round.objects.filter(case_id=case_id).order_by("-id").first()
    if latest is None:
        return ProposalSet(lines=())
    rows = Proposal.objects.filter(round=latest).select_related("person", "team").order_by("rank")
    return ProposalSet(
        lines=tuple(_line(row, latest) for row in rows),
        nobody=_(latest.nobody) if latest.nobody else "",
        ready=True,
    )


def _line(row: Proposal, latest: Round) -> ProposalLine:
    taker = row.team or row.person
    assert taker is not None
    name = row.team.name if row.team else row.person.name_masked if row.person else ""
    return ProposalLine(
        rank=row.rank,
        taker_kind="team" if row.team_id else "person",
        taker_id=taker.pk,
        name=name,
        reasons=tuple(_(r["message"]).format(**r["params"]) for r in row.reasons),
        cost=row.cost,
        distance_m=row.distance_m,
        made_at=latest.made_at,
    )

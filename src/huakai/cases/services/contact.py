"""Seeing the address and telephone of the one who ordered: an act that needs a right and is recorded."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.cases import events
from huakai.cases.models import Case
from huakai.cases.queries import facts
from huakai.cases.queries.own import ADDRESS
from huakai.cases.types import Status, Who
from huakai.kernel import crypto
from huakai.kernel.errors import N_, NotAllowed, NotFound
from huakai.registry import services as registry
from huakai.registry.types import Actor


@dataclass(frozen=True)
class Contact:
    """Clear contact data, shown once to somebody who needs it for the visit."""

    name: str
    phone: str
    address: str


@transaction.atomic
def reveal_contact(*, case_id: UUID, by: Actor, now: datetime, reason: str = "") -> Contact:
    """Clear name, phone and address for the taker of an open case, its dispatcher, or its requester; recorded."""
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        raise NotFound("case_unknown", N_("没有找到这张单子"))
    hats = facts.facts_of(case, (), by).who
    open_taker = case.status == Status.OPEN and bool(hats & {Who.TAKER, Who.HANDLER})
    if not (open_taker or hats & {Who.REQUESTER} or facts.rules_over(case, by, "person.reveal")):
        raise NotAllowed("not_allowed", N_("接单以后才能看到联系方式"))
    name, phone = registry.clear_contact(case.requester_id)
    address = ""
    if case.address_enc is not None:
        address = crypto.field_cipher().decrypt(bytes(case.address_enc), context=ADDRESS)
    audit.record(
        Fact(
            name=events.CONTACT_SEEN,
            subject=Subject("case", str(case.id)),
            at=now,
            actor_id=by.person_id,
            after={"person": str(case.requester_id), "fields": ["name", "phone", "address"]} | _why(reason),
            edition_id=case.edition_id,
            area_code=case.area_code,
            request_id=by.request_id,
        )
    )
    return Contact(name=name, phone=phone, address=address)


def _why(reason: str) -> dict[str, str]:
    return {"reason": reason.strip()[:200]} if reason.strip() else {}

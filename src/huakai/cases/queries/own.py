"""What a person may see of their own orders in clear: the address they wrote themselves."""

import json
from uuid import UUID

from django.db.models import Q, QuerySet

from huakai.cases.models import Case
from huakai.kernel import crypto
from huakai.registry.types import Actor

ADDRESS = "cases.case.address"
"""The words an address is sealed under."""
ANSWERS = "cases.case.answers"
"""The words answers to private questions are sealed under."""


def my_last_address(actor: Actor) -> str:
    """The address of the newest order the actor made for themselves; empty when there is none."""
    own = Case.objects.filter(requester_id=actor.person_id, opened_by_id=actor.person_id, served_for="self")
    return _clear(own)


def my_address(actor: Actor, case_id: UUID) -> str:
    """The address on an order the actor made or that was made for them; empty for everybody else."""
    own = Q(opened_by_id=actor.person_id) | Q(requester_id=actor.person_id)
    return _clear(Case.objects.filter(own, pk=case_id)) if actor.signed_in else ""


def private_of(sealed: bytes | memoryview | None) -> dict[str, str]:
    """Answers to private questions in clear; for those who work on the case, and never in a list."""
    if sealed is None:
        return {}
    found: dict[str, str] = json.loads(crypto.field_cipher().decrypt(bytes(sealed), context=ANSWERS))
    return found


def _clear(rows: QuerySet[Case]) -> str:
    found = rows.filter(address_enc__isnull=False).order_by("-id")
    sealed = found.values_list("address_enc", flat=True).first()
    return crypto.field_cipher().decrypt(bytes(sealed), context=ADDRESS) if sealed is not None else ""

"""Taking figures or lists out of the system: needs the right, and stands in the record."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.cases import events
from huakai.kernel.errors import N_, NotAllowed
from huakai.registry.types import Actor


@transaction.atomic
def record_export(*, what: str, wanted: Mapping[str, str], rows: int, by: Actor, now: datetime) -> None:
    """Record that `by` takes `rows` rows of `what` (panel, list) out; refuses whoever may not export."""
    if not by.prefixes("case.export"):
        raise NotAllowed("not_allowed", N_("您的岗位不能导出，请联系本单位管理员开通"))
    audit.record(
        Fact(
            name=events.EXPORTED,
            subject=Subject("export", f"cases.{what}"),
            at=now,
            actor_id=by.person_id,
            after={"rows": rows, "wanted": dict(wanted)},
            area_code=by.prefixes("case.export")[0],
            request_id=by.request_id,
        )
    )

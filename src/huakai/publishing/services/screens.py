"""Writes of publishing: making a screen, revoking it."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction

from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.kernel.errors import N_, NotFound, RuleBroken
from huakai.kernel.ids import new_id
from huakai.packs import queries as packs
from huakai.publishing import events, queries
from huakai.publishing.models import Screen
from huakai.publishing.types import NewScreen
from huakai.registry.access import require, scope_q
from huakai.registry.types import Actor

TOKEN_BYTES = 24


@transaction.atomic
def create_screen(*, new: NewScreen, pack_code: str, by: Actor, now: datetime) -> tuple[UUID, str]:
    """Make a screen for a wall of the pack. The token is returned once and kept nowhere."""
    edition = packs.current(pack_code)
    require(by, "screen.manage", edition.root_code)
    wall = edition.find(queries.SECTION, new.wall)
    if wall is None:
        raise NotFound("no_wall", N_("没有名为“{wall}”的大屏"), wall=new.wall)
    if not new.label.strip():
        raise RuleBroken("label_missing", N_("请写明这块屏装在哪里"), field="label")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    screen = Screen.objects.create(
        id=new_id(now),
        token_hash=queries.hash_of(token),
        label=new.label.strip()[:80],
        kind=wall.show.kind,
        wall=wall.code,
        pack_code=pack_code,
        area_code=edition.root_code,
        created_by_id=by.person_id,
        created_at=now,
    )
    _record(events.CREATED, screen, by, now)
    return screen.pk, token


@transaction.atomic
def revoke_screen(*, screen_id: UUID, by: Actor, now: datetime) -> None:
    """Make a screen's address worthless, at once; twice is once."""
    rows = Screen.objects.select_for_update().filter(scope_q(by, "screen.manage"), pk=screen_id)
    screen = rows.first()
    if screen is None:
        raise NotFound("no_screen", N_("没有这块屏，或者不归您管理"))
    if screen.revoked_at is not None:
        return
    screen.revoked_by_id, screen.revoked_at = by.person_id, now
    screen.save(update_fields=["revoked_by", "revoked_at"])
    _record(events.REVOKED, screen, by, now)


def _record(name: str, screen: Screen, by: Actor, now: datetime) -> None:
    audit.record(
        Fact(
            name=name,
            subject=Subject(events.SUBJECT, str(screen.pk)),
            at=now,
            actor_id=by.person_id,
            after={"label": screen.label, "wall": screen.wall},
            area_code=screen.area_code,
            request_id=by.request_id,
        )
    )

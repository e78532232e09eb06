"""Saved filters of the inbox: the address of a list under a name."""

from datetime import datetime
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.db import transaction

from huakai.cases.models import SavedFilter
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.kernel.ids import new_id
from huakai.registry.types import Actor

KEPT = (
    "tab",
    "q",
    "category",
    "caller",
    "channel",
    "area",
    "flow",
    "status",
    "tag",
    "outcome",
    "order",
    "from",
    "until",
)
MOST = 50


@transaction.atomic
def save_filter(*, title: str, query: str, shared_with: str, by: Actor, now: datetime) -> UUID:
    """Keep a filter under a title; the same title again replaces one's own. Shared with a unit one works in."""
    if by.person_id is None or not title.strip():
        raise RuleBroken("title_missing", N_("请给这个筛选起个名字"), field="title")
    if shared_with and not by.may("case.view", shared_with):
        raise NotAllowed("not_allowed", N_("只能分享给您所在的单位"))
    wanted = urlencode([(name, value[:60]) for name, value in parse_qsl(query) if name in KEPT])
    if not wanted or len(wanted) > 400:
        raise RuleBroken("filter_empty", N_("请先选好筛选条件再保存"), field="title")
    if SavedFilter.objects.filter(owner_id=by.person_id).count() >= MOST:
        raise RuleBroken("too_many_filters", N_("最多保存{count}个筛选，请先删掉不用的"), count=MOST)
    made, _ = SavedFilter.objects.update_or_create(
        owner_id=by.person_id,
        title=title.strip()[:40],
        defaults={"query": wanted, "shared_with": shared_with, "at": now},
        create_defaults={"id": new_id(now), "query": wanted, "shared_with": shared_with, "at": now},
    )
    return made.id


def forget_filter(*, filter_id: UUID, by: Actor) -> None:
    """Delete one's own filter."""
    gone, _ = SavedFilter.objects.filter(pk=filter_id, owner_id=by.person_id).delete()
    if not gone:
        raise NotFound("filter_unknown", N_("没有找到这个筛选"))

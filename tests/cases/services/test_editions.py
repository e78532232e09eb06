"""Running cases keep their edition until somebody moves them, after a look at what changes."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.test import Client

from huakai.audit import queries as audit
from huakai.audit.types import Subject
from huakai.cases import queries, services
from huakai.cases.models import Case, ClockEvent
from huakai.kernel.errors import NotAllowed, RuleBroken
from huakai.packs import queries as packs
from huakai.packs import services as pack_services
from huakai.packs.types import EditionView
from huakai.registry.types import Actor
from tests.cast import DEPARTMENT
from tests.factories.cases import move, open_one

Who = Callable[[str], Actor]
ROAD = {"service": "", "category": "road", "detail": "路面有坑"}


@pytest.fixture
def republish(tmp_path: Path, now: datetime) -> Callable[[Callable[[dict[str, object]], None]], EditionView]:
    """Publish the place's pack again with its demand flow bent."""

    def publish(bend: Callable[[dict[str, object]], None]) -> EditionView:
        root = tmp_path / "packs"
        shutil.copytree(settings.PACKS_ROOT, root)
        path = root / "base" / "cases" / "demand.yaml"
        flow = yaml.safe_load(path.read_text(encoding="utf-8"))
        bend(flow)
        path.write_text(yaml.safe_dump(flow, allow_unicode=True), encoding="utf-8")
        view = pack_services.publish(pack_code="shizhong", root=root, by=None, now=now)
        packs.forget_current()
        return view

    return publish


def _rename(flow: dict[str, object]) -> None:
    flow["title"] = "群众诉求"


def _lose_handling(flow: dict[str, object]) -> None:
    text = yaml.safe_dump(flow, allow_unicode=True).replace("handling", "working")
    flow.clear()
    flow.update(yaml.safe_load(text))


def test_a_running_case_keeps_its_edition_and_is_moved_by_name(
    actor: Who, now: datetime, shizhong: EditionView, republish: Callable[..., EditionView]
) -> None:
    case_id = open_one(actor("resident"), now, **ROAD)
    newer = republish(_rename)
    assert Case.objects.get(pk=case_id).edition_id == shizhong.id
    counts = {c.number: c.cases for c in queries.edition_counts(actor("admin"), "demand")}
    assert counts == {shizhong.number: 1, newer.number: 0}
    plan = queries.edition_plan(actor("admin"), flow="demand", older=shizhong.id, newer=newer.id)
    assert [(c.file, c.path, c.after) for c in plan.changes] == [("cases/demand.yaml", "title", "群众诉求")]
    due = Case.objects.get(pk=case_id).due_at
    later = now + timedelta(hours=1)
    moved = services.move_to_edition(
        flow="demand", older=shizhong.id, newer=newer.id, by=actor("admin"), now=later
    )
    case = Case.objects.get(pk=case_id)
    assert (moved, case.edition_id, case.due_at) == (1, newer.id, due), "the same calendar: the same deadline"
    acts = list(
        ClockEvent.objects.filter(case=case, clock="stage").order_by("id").values_list("act", flat=True)
    )
    assert acts == ["start", "pause", "resume"]
    names = [event.name for event in audit.history(Subject("case", str(case_id)))]
    assert names[-1] == "case.edition_moved"
    assert (
        services.move_to_edition(
            flow="demand", older=shizhong.id, newer=newer.id, by=actor("admin"), now=later
        )
        == 0
    )


def test_cases_at_a_stage_the_newer_flow_lacks_stay_where_they_are(
    actor: Who, now: datetime, shizhong: EditionView, republish: Callable[..., EditionView]
) -> None:
    case_id = open_one(actor("resident"), now, **ROAD)
    move(case_id, "assign", actor("centre_staff"), now, unit_code=DEPARTMENT)
    move(case_id, "accept", actor("dept_handler"), now)
    newer = republish(_lose_handling)
    with pytest.raises(RuleBroken, match="没有阶段"):
        services.move_to_edition(flow="demand", older=shizhong.id, newer=newer.id, by=actor("admin"), now=now)
    assert Case.objects.get(pk=case_id).edition_id == shizhong.id


def test_only_who_applies_packs_moves_cases(
    actor: Who, now: datetime, shizhong: EditionView, republish: Callable[..., EditionView]
) -> None:
    open_one(actor("resident"), now, **ROAD)
    newer = republish(_rename)
    for role in ("centre_staff", "street_staff", "leader"):
        with pytest.raises(NotAllowed):
            services.move_to_edition(
                flow="demand", older=shizhong.id, newer=newer.id, by=actor(role), now=now
            )
    with pytest.raises(RuleBroken, match="更新的版本"):
        queries.edition_plan(actor("admin"), flow="demand", older=newer.id, newer=shizhong.id)


def test_the_administrator_looks_and_moves_on_the_page(
    actor: Who,
    client_of: Callable[[str], Client],
    now: datetime,
    shizhong: EditionView,
    republish: Callable[..., EditionView],
) -> None:
    case_id = open_one(actor("resident"), now, **ROAD)
    newer = republish(_rename)
    page = f"/desk/flows/demand/editions/{shizhong.id}/"
    admin = client_of("admin")
    assert page in admin.get("/desk/flows/demand/").content.decode()
    look = admin.get(page).content.decode()
    assert "群众诉求" in look
    assert "1 件移过去" in look
    assert admin.post(page).status_code == 302
    assert Case.objects.get(pk=case_id).edition_id == newer.id
    assert client_of("centre_staff").get(page).status_code == 403

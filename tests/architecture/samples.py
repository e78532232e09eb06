"""One of each thing, so that every address with a parameter can be asked."""

import io
from collections.abc import Callable
from datetime import date

from PIL import Image

from huakai.cases import services as cases
from huakai.cases.models import CallBack, ClockRequest
from huakai.cases.types import MoveInput, NewOrder
from huakai.evaluation import services as evaluation
from huakai.evaluation.types import NewIssue
from huakai.kernel.ids import new_id
from huakai.packs import queries as packs
from huakai.publishing import services as publishing
from huakai.publishing.types import NewPeer, NewScreen
from huakai.registry.types import Actor
from tests import cast as people
from tests.cast import Cast


def make_samples(cast: Cast, actor: Callable[[str], Actor]) -> dict[str, str]:
    """Parameter → value. `family.parameter` wins where a name means different things."""
    order = NewOrder(
        client_key="sample",
        flow="",
        area_code=people.COMMUNITY,
        service="appliance_repair",
        detail="电饭锅坏了",
    )
    case = cases.open_case(order=order, by=actor("resident"), now=people.NOW)
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(picture, "JPEG")
    photo = cases.add_photo(case_id=case.id, content=picture.getvalue(), by=actor("resident"), now=people.NOW)
    issue = evaluation.open_issue(
        new=NewIssue(
            board="three_compare", period="1—2月", starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 1)
        ),
        pack_code="shizhong",
        by=actor("board_clerk"),
        now=people.NOW,
    )
    screen, token = publishing.create_screen(
        new=NewScreen(label="大厅", wall="live_counters"),
        pack_code="shizhong",
        by=actor("admin"),
        now=people.NOW,
    )
    peer, _ = publishing.add_peer(
        new=NewPeer("市平台", "https://city.example/", people.DISTRICT, ("case.closed",)),
        pack_code="shizhong",
        by=actor("admin"),
        now=people.NOW,
    )
    letter = publishing.send_test(peer_id=peer, by=actor("admin"), now=people.NOW)
    edition = packs.current("shizhong")
    return _beside(actor) | {
        "case_id": str(case.id),
        "photo_id": str(photo),
        "move": "cancel",
        "issue_id": str(issue),
        "part": "key_projects.growth",
        "screen_id": str(screen),
        "token": token,
        "peer_id": str(peer),
        "letter_id": str(letter),
        "flows.code": "volunteer_order",
        "number": str(case.number),
        "code": people.COMMUNITY,
        "unit_code": people.COMMUNITY,
        "person_id": str(cast["resident"].person_id),
        "account_id": str(cast["resident"].account_id),
        "team_id": str(cast.team_id),
        "edition_id": str(edition.id),
        "before_id": str(edition.id),
        "older": str(edition.id),
        "cases.act": "note",
        "supervision.act": "answer",
        "pack_code": "shizhong",
        "kind": "units",
        "service": "haircut",
        "order.code": "haircut",
        "category": "road",
    }


def _beside(actor: Callable[[str], Actor]) -> dict[str, str]:
    """One of each thing that stands beside a case."""
    order = NewOrder("beside", "", people.COMMUNITY, category="road", detail="路灯下有个坑")
    case = cases.open_case(order=order, by=actor("resident"), now=people.NOW)
    given = MoveInput(unit_code=people.DEPARTMENT)
    centre = actor("centre_staff")
    cases.move_case(case_id=case.id, move="assign", given=given, by=centre, now=people.NOW)
    supervision = cases.supervise(case_id=case.id, reason="请抓紧", due_at=None, by=centre, now=people.NOW)
    group = cases.group_cases(
        group=cases.NewGroup("activity", "补路日", "", people.DISTRICT),
        case_ids=[case.id],
        by=centre,
        now=people.NOW,
    )
    kept = cases.save_filter(title="本周", query="tab=overdue", shared_with="", by=centre, now=people.NOW)
    asked = ClockRequest.objects.create(
        id=new_id(people.NOW),
        case_id=case.id,
        kind="pause",
        reason="等配件",
        asked_by=new_id(people.NOW),
        asked_at=people.NOW,
    )
    call = CallBack.objects.create(
        id=new_id(people.NOW),
        case_id=case.id,
        drawn_at=people.NOW,
        due_at=people.NOW,
        area_code=people.COMMUNITY,
    )
    return {
        "supervision_id": str(supervision),
        "group_id": str(group),
        "filter_id": str(kept),
        "request_id": str(asked.id),
        "call_back_id": str(call.id),
    }

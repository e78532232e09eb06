"""The desk's rows proven from real case rows: the panel (SZ-12) and the two kinds of calls (SZ-13)."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.conf import settings as deployment
from django.db import connection
from django.test import Client

from huakai.cases import services
from huakai.cases.models import Case
from huakai.cases.types import NewOrder, Taker, TakerKind
from huakai.kernel.clock import CHINA, FixedClock
from huakai.packs import queries as packs
from huakai.packs import services as pack_services
from huakai.registry import queries as registry
from huakai.registry import services as registry_services
from huakai.registry.models import Account
from huakai.registry.types import SYSTEM, Actor
from tests.cast import BEFORE, COMMUNITY, DEPARTMENT, OTHER_COMMUNITY
from tests.factories import registry as factory
from tests.factories.cases import move, open_one

Who = Callable[[str], Actor]
Browser = Callable[[str], Client]
COLLECTED, FINISHED = 138_334, 137_854


def bulk_cases(template: UUID) -> None:
    """Copies of one real case, row by row in the table: all but the last 480 closed, in two streets."""
    columns = [str(field.column) for field in Case._meta.fields]
    changed = {
        "id": "gen_random_uuid()",
        "number": "900000 + n",
        "client_key": "'bulk-' || n",
        "area_id": "CASE WHEN mod(n, 3) = 0 THEN other.id ELSE c.area_id END",
        "area_code": "CASE WHEN mod(n, 3) = 0 THEN other.code ELSE c.area_code END",
        "category": "CASE WHEN mod(n, 4) = 0 THEN 'road' ELSE c.category END",
        "caller_kind": "CASE WHEN mod(n, 10) = 0 THEN 'enterprise' ELSE 'resident' END",
        "stage": "CASE WHEN n <= %(closed)s THEN 'closed' ELSE c.stage END",
        "status": "CASE WHEN n <= %(closed)s THEN 'closed' ELSE 'open' END",
        "closed_at": "CASE WHEN n <= %(closed)s THEN c.opened_at + interval '1 day' END",
    }
    wanted = ", ".join(changed.get(column, f'c."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    statement = (
        f"INSERT INTO cases_case ({names}) SELECT {wanted} FROM cases_case c, registry_unit other, "
        "generate_series(1, %(extra)s) n WHERE c.id = %(template)s AND other.code = %(other)s"
    )
    given: dict[str, int | str] = {
        "closed": FINISHED,
        "extra": COLLECTED - 1,
        "template": str(template),
        "other": OTHER_COMMUNITY,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, given)


def figures(page: str) -> dict[str, str]:
    """Name → number of the panel's tiles."""
    tiles = re.findall(
        r'<span class="name">([^<]+)</span>.*?<strong>\s*<span[^>]*>([^<]*)</span>', page, re.DOTALL
    )
    return {name: value.strip() for name, value in tiles}


@pytest.fixture
def years_work(actor: Who, now: datetime) -> None:
    """The place's published figures as case rows."""
    template = open_one(actor("resident"), now - timedelta(days=3), key="template")
    bulk_cases(template)


@pytest.mark.row("SZ-12")
@pytest.mark.usefixtures("years_work")
def test_the_panel_computes_the_published_figures_and_every_number_opens_its_list(
    client_of: Browser,
) -> None:
    client = client_of("centre_staff")
    page = client.get("/desk/panel/?by=area").content.decode()
    assert figures(page) == {
        "收集": "138,334",
        "办结": "137,854",
        "办结率": "99.65",
        "在办": "480",
        "撤销": "0",
    }
    opened = client.get("/desk/panel/cases/?status=open").content.decode()
    assert '<span class="count">480</span>' in opened
    assert (
        '<span class="count">137,854</span>'
        in client.get("/desk/panel/cases/?status=closed").content.decode()
    )
    links = re.findall(r'<td class="num"><a href="([^"]+)">([\d,]+)</a>', page)
    by_street = [int(n.replace(",", "")) for url, n in links if "status" not in url and "tab" not in url]
    assert sum(by_street) == COLLECTED
    for url, number in links:
        behind = client.get(url.replace("&amp;", "&")).content.decode()
        assert f'<span class="count">{number}</span>' in behind, url


@pytest.mark.row("SZ-12")
@pytest.mark.usefixtures("years_work")
def test_one_open_case_closed_moves_every_figure(actor: Who, client_of: Browser, now: datetime) -> None:
    road = {"service": "", "category": "road", "detail": "路上有坑"}
    fresh = open_one(actor("resident"), now, key="fresh", **road)
    client = client_of("centre_staff")
    assert figures(client.get("/desk/panel/").content.decode())["收集"] == "138,335"
    move(fresh, "assign", actor("centre_staff"), now, unit_code=DEPARTMENT)
    move(fresh, "accept", actor("dept_handler"), now)
    move(fresh, "finish", actor("dept_handler"), now, result="补好了")
    after = figures(client.get("/desk/panel/").content.decode())
    assert (after["办结"], after["在办"]) == ("137,855", "480")


def call(client: Client, kind: str) -> UUID:
    """A call entered at the desk; the id of its case."""
    given = {
        "client_key": f"call-{kind}",
        "name": "孙某",
        "phone": "19900009001" if kind == "resident" else "19900009002",
        "caller": kind,
        "channel": "hotline",
        "area": COMMUNITY,
        "item": "category:road",
        "detail": "门口的路坏了",
    }
    answer = client.post("/desk/order/", given)
    assert answer.status_code == 302
    return UUID(answer["Location"].split("/")[3])


@pytest.mark.row("SZ-13")
def test_citizen_and_enterprise_calls_keep_their_own_clocks_until_the_first_answer(
    client_of: Browser,
) -> None:
    """Entered at the same minute (Tuesday 10:00): a citizen is answered within 1 working day, an enterprise
    within 4 working hours; both stand in the unanswered list until somebody answers."""
    centre = client_of("centre_staff")
    cases = {kind: call(centre, kind) for kind in ("resident", "enterprise")}
    rows = {kind: Case.objects.get(pk=case_id) for kind, case_id in cases.items()}
    due = {kind: row.answer_due_at.astimezone(CHINA) for kind, row in rows.items() if row.answer_due_at}
    assert due["enterprise"].day == 10
    assert due["resident"].day == 11
    assert due["enterprise"] < due["resident"]
    unanswered = centre.get("/desk/?tab=unanswered").content.decode()
    assert all(str(case_id) in unanswered for case_id in cases.values())
    assert ("民呼" in unanswered, "企呼" in unanswered) == (True, True)
    answer = {"client_key": "first", "result": "已收到，明天派人去看"}
    centre.post(f"/desk/cases/{cases['enterprise']}/moves/answer/", answer)
    left = centre.get("/desk/?tab=unanswered").content.decode()
    assert (str(cases["enterprise"]) in left, str(cases["resident"]) in left) == (False, True)
    assert Case.objects.get(pk=cases["enterprise"]).first_answer_at is not None
    assert Case.objects.get(pk=cases["enterprise"]).status == "open"
    centre.post(f"/desk/cases/{cases['resident']}/moves/assign/", {"client_key": "a", "unit": DEPARTMENT})
    client_of("dept_handler").post(f"/desk/cases/{cases['resident']}/moves/accept/", {"client_key": "b"})
    assert str(cases["resident"]) not in centre.get("/desk/?tab=unanswered").content.decode()


@pytest.mark.row("SZ-13")
def test_a_call_nobody_answers_is_late_by_its_own_clock(
    client_of: Browser, clock: FixedClock, now: datetime
) -> None:
    """After five hours the enterprise's first answer is overdue, the citizen's is not."""
    centre = client_of("centre_staff")
    cases = {kind: call(centre, kind) for kind in ("resident", "enterprise")}
    clock.at = now + timedelta(hours=7)
    page = centre.get("/desk/?tab=unanswered").content.decode()
    lines = {
        kind: next(row for row in page.split("<tr ") if str(case_id) in row)
        for kind, case_id in cases.items()
    }
    assert "已超时" in lines["enterprise"]
    assert "已超时" not in lines["resident"]


@pytest.fixture
def other_place(shizhong: object) -> str:
    """A village of a place whose orders are rated by the station as well."""
    pack_services.publish(pack_code="pingcheng", root=deployment.PACKS_ROOT, by=None, now=BEFORE)
    packs.forget_current()
    factory.make_unit("140213", kind="district")
    factory.make_unit("140213001", kind="street")
    factory.make_unit("140213001001")
    return "140213001001"


@pytest.mark.row("PC-02")
def test_the_station_rates_beside_the_resident_on_the_desk(other_place: str, now: datetime) -> None:
    """多元评单 from the desk's pane: the button, the stars, the combined score, and no second time."""
    people = {role: factory.make_person(home=other_place) for role in ("resident", "leader", "station")}
    registry_services.appoint(
        person_id=people["station"], role="station_staff", unit_code=other_place, by=SYSTEM, now=BEFORE
    )
    team = factory.make_team(other_place, leader=people["leader"])
    accounts = {role: Account.objects.create(person_id=person) for role, person in people.items()}
    acting = {role: registry.actor_of_account(account.pk, now) for role, account in accounts.items()}
    order = NewOrder("k", "four_orders", other_place, category="sanitation", detail="想请大家清一清小河")
    case_id = services.open_case(order=order, by=acting["resident"], now=now).id
    move(case_id, "offer", acting["station"], now, taker=Taker(TakerKind.TEAM, team))
    move(case_id, "accept", acting["leader"], now)
    move(case_id, "finish", acting["leader"], now, result="清完了", minutes=60)
    services.rate_case(case_id=case_id, stars=5, comment="", by=acting["resident"], now=now)
    desk = Client()
    desk.force_login(accounts["station"])
    assert f"/desk/cases/{case_id}/rate/" in desk.get(f"/desk/cases/{case_id}/").content.decode()
    assert "请点选一到五颗星" in desk.post(f"/desk/cases/{case_id}/rate/", {}).content.decode()
    answer = desk.post(f"/desk/cases/{case_id}/rate/", {"stars": "3", "comment": "有点晚"})
    assert answer.status_code == 302
    page = desk.get(f"/desk/cases/{case_id}/").content.decode()
    assert "4.20" in page
    assert "有点晚" in page
    assert f"/desk/cases/{case_id}/rate/" not in page

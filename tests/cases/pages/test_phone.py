"""The phone pages: who may, what a wrong input says, and how many queries a list costs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from huakai.audit import queries as audit
from huakai.audit.types import Subject
from huakai.cases.models import Case, Rating
from huakai.cases.types import Taker, TakerKind
from huakai.kernel.clock import FixedClock
from huakai.registry.types import Actor
from tests.cast import COMMUNITY, Cast
from tests.factories.cases import move, open_one

Who = Callable[[str], Actor]
Browser = Callable[[str], Client]
SHEET = {"HX-Request": "true", "HX-Target": "sheet"}


def photo() -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(content, "JPEG")
    return SimpleUploadedFile("door.jpg", content.getvalue(), content_type="image/jpeg")


def sheet(**changes: Any) -> dict[str, Any]:
    """What the order sheet hands in when nothing was touched but the button."""
    given = {
        "client_key": "tap-1",
        "when": "2026-03-10T16:30:00+08:00",
        "served_for": "self",
        "area": COMMUNITY,
        "address": "3栋2单元401",
        "note": "",
    }
    return given | changes


def offered(cast: Cast, actor: Who, now: datetime, taker: Taker | None = None) -> UUID:
    case_id = open_one(actor("resident"), now)
    asked = taker or Taker(TakerKind.PERSON, cast["volunteer"].person_id)
    move(case_id, "offer", actor("street_staff"), now, taker=asked)
    return case_id


def taken(cast: Cast, actor: Who, now: datetime) -> UUID:
    case_id = offered(cast, actor, now)
    move(case_id, "accept", actor("volunteer"), now)
    return case_id


def test_who_is_not_signed_in_may_look_and_is_asked_to_sign_in_when_ordering(
    cast: Cast, client: Client
) -> None:
    page = client.get("/m/").content.decode()
    assert "需要什么帮助" in page
    assert "上门理发" in page
    asked = client.get("/m/order/haircut/")
    assert asked.status_code == 302
    assert asked["Location"] == "/signin/?next=%2Fm%2Forder%2Fhaircut%2F"
    assert client.get("/m/order/haircut/", headers=SHEET)["HX-Redirect"].startswith("/signin/")


def test_home_shows_the_chosen_category_and_what_to_do_when_there_is_nothing(client_of: Browser) -> None:
    client = client_of("resident")
    chosen = client.get("/m/?category=home_repair").content.decode()
    assert "水电检修" in chosen
    assert "上门理发" not in chosen
    assert "说出需求，我们来找人" in client.get("/m/?category=nothing").content.decode()


def test_elders_find_the_telephone_first_and_four_categories(client_of: Browser) -> None:
    client = client_of("resident")
    client.cookies["huakai_mode"] = "elder"
    page = client.get("/m/").content.decode()
    assert page.index("打电话点单") < page.index("助老服务")
    assert page.count("?category=") == 8  # a link and its htmx twin each
    assert "次</span>" not in page
    assert "文化文艺" in client.get("/m/?all=1").content.decode()


def test_an_order_takes_the_sheet_and_one_confirmation(client_of: Browser, now: datetime) -> None:
    client = client_of("resident")
    shown = client.get("/m/order/haircut/", headers=SHEET).content.decode()
    assert "确认点单" in shown
    assert "<html" not in shown
    done = client.post("/m/order/haircut/", sheet(photos=[photo()]), headers=SHEET)
    assert done.status_code == 200
    case = Case.objects.get()
    assert str(case.number) in done.content.decode()
    assert (case.service, case.photo_count, case.channel) == ("haircut", 1, "phone_page")
    assert case.wanted_at == datetime.fromisoformat("2026-03-10T16:30:00+08:00")
    assert "15:30前为您安排" in done.content.decode()


def test_without_scripts_the_order_leads_to_a_page_of_its_own(client_of: Browser) -> None:
    client = client_of("resident")
    done = client.post("/m/order/haircut/", sheet(), follow=True)
    assert done.redirect_chain[-1][0].endswith("/ordered/")
    assert "点单成功" in done.content.decode()


def test_double_taps_and_retries_make_one_case(client_of: Browser) -> None:
    client = client_of("resident")
    for _ in range(3):
        assert client.post("/m/order/haircut/", sheet(photos=[photo()])).status_code == 302
    assert [c.photo_count for c in Case.objects.all()] == [1]


def test_the_next_order_knows_my_address_and_nobody_elses(
    client_of: Browser, actor: Who, now: datetime
) -> None:
    open_one(actor("resident"), now, address="书香苑9号")
    assert "书香苑9号" in client_of("resident").get("/m/order/haircut/").content.decode()
    assert "书香苑9号" not in client_of("neighbour").get("/m/order/haircut/").content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"address": " "}, "请写上门地址"),
        ({"area": "370402999999"}, "请选择所在的村（社区）"),
        ({"when": "2026-03-10T08:00:00+08:00"}, "这个时间来不及安排了"),
        ({"when": "2026-03-10T15:00:00+08:00"}, "这个时间来不及安排了"),
        ({"other_at": "2026-03-10T14:00"}, "最早能约到今天 15:30"),
        ({"when": ""}, "请选择时间"),
        ({"other_at": "下午"}, "请按"),
        ({"served_for": "parents", "name": "李奶奶", "phone": "123"}, "请写11位手机号"),
        ({"served_for": "parents", "name": "李奶奶"}, "请写对方的手机号"),
        ({"photos": [SimpleUploadedFile("x.jpg", b"not a photo")]}, "照片"),
    ],
)
def test_wrong_input_is_told_beside_the_field_and_kept(
    changes: dict[str, Any], words: str, client_of: Browser
) -> None:
    answer = client_of("resident").post("/m/order/haircut/", sheet(note="行动不便") | changes, headers=SHEET)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "行动不便" in page
    assert 'value="tap-1"' in page
    assert not Case.objects.exists()


def test_ordering_for_a_neighbour_makes_them_the_one_who_is_helped(client_of: Browser, cast: Cast) -> None:
    given = sheet(served_for="neighbour", name="李建国", phone="19900000002")
    client_of("resident").post("/m/order/haircut/", given)
    case = Case.objects.get()
    assert case.requester_id == cast["neighbour"].person_id
    assert case.opened_by_id == cast["resident"].person_id
    page = client_of("resident").get(f"/m/orders/{case.id}/").content.decode()
    assert "19900000002" not in page


def test_a_wish_becomes_an_order_or_a_demand_by_its_category(client_of: Browser) -> None:
    client = client_of("resident")
    assert "反映问题" in client.get("/m/say/").content.decode()
    given = sheet(detail="楼道灯坏了三天。", category="street_light", lon="117.55", lat="34.86")
    assert client.post("/m/say/", given).status_code == 302
    case = Case.objects.get()
    assert (case.flow, case.title, case.lon) == ("demand", "楼道灯坏了三天", 117.55)
    wrong = client.post("/m/say/", sheet(client_key="k2", category="")).content.decode()
    assert "请说说需要什么帮助" in wrong
    assert "请选择需求类别" in wrong


def test_choosing_a_place_is_remembered_and_checked(client_of: Browser, cast: Cast, client: Client) -> None:
    assert "塔塔埠街道" in client.get("/m/place/").content.decode()
    assert "十电社区" in client.get("/m/place/?under=370402002").content.decode()
    chosen = client.post("/m/place/", {"area": COMMUNITY, "next": "/m/"})
    assert chosen["Location"] == "/m/"
    assert "十电社区" in client.get("/m/").content.decode()
    assert client.post("/m/place/", {"area": "999"}).status_code == 404


def test_my_orders_cost_the_same_whatever_their_number(
    client_of: Browser, actor: Who, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of("resident")
    assert "您还没有点过单" in client.get("/m/orders/").content.decode()
    for number in range(25):
        open_one(actor("resident"), now + timedelta(minutes=number), key=str(number))
    with django_assert_max_num_queries(5):
        page = client.get("/m/orders/").content.decode()
    assert page.count('class="card"') == 20
    assert "下一页" in page


def test_my_order_shows_steps_and_who_is_coming_to_me_alone(
    cast: Cast,
    client_of: Browser,
    actor: Who,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    case_id = taken(cast, actor, now)
    client = client_of("resident")
    with django_assert_max_num_queries(7):
        page = client.get(f"/m/orders/{case_id}/").content.decode()
    assert "张" in page
    assert "张伟" not in page
    assert "已接单" in page
    assert "3栋2单元401" in page
    poll = client.get(f"/m/orders/{case_id}/", headers={"HX-Request": "true", "HX-Target": "progress"})
    assert poll.content.decode().strip().startswith("<section")
    assert "办理经过" not in poll.content.decode()
    assert client_of("neighbour").get(f"/m/orders/{case_id}/").status_code == 404


def test_an_order_is_called_off_with_a_reason(client_of: Browser, actor: Who, now: datetime) -> None:
    case_id = open_one(actor("resident"), now)
    client = client_of("resident")
    path = f"/m/orders/{case_id}/cancel/"
    assert "为什么撤" in client.get(path, headers=SHEET).content.decode()
    refused = client.post(path, {"move": "cancel", "reason": ""})
    assert refused.status_code == 422
    assert "请写明原因" in refused.content.decode()
    assert client.post(path, {"move": "cancel", "reason": "不用来了"}).status_code == 302
    assert Case.objects.get().status == "cancelled"


def test_rating_needs_stars_and_happens_once(
    cast: Cast, client_of: Browser, actor: Who, now: datetime
) -> None:
    case_id = taken(cast, actor, now)
    move(case_id, "finish", actor("volunteer"), now, result="修好了", minutes=30)
    client, path = client_of("resident"), f"/m/orders/{case_id}/rate/"
    empty = client.post(path, {"comment": "好"}, headers={"HX-Request": "true", "HX-Target": "rate"})
    assert empty.status_code == 422
    assert "请点选一到五颗星" in empty.content.decode()
    assert client.post(path, {"stars": "5", "comment": "好"}).status_code == 302
    assert client.post(path, {"stars": "3"}).status_code == 422
    assert client_of("neighbour").post(path, {"stars": "1"}).status_code == 403
    assert Rating.objects.get().stars == 5
    assert "★★★★★" in client.get(f"/m/orders/{case_id}/").content.decode()


def test_open_orders_are_for_volunteers_with_the_skill(
    client_of: Browser, actor: Who, now: datetime, client: Client
) -> None:
    case_id = open_one(actor("resident"), now)
    skilled, other = client_of("volunteer"), client_of("resident")
    assert "家电小修" in skilled.get("/m/take/").content.decode()
    assert "先注册成为志愿者" in other.get("/m/take/").content.decode()
    assert "先注册成为志愿者" in client.get("/m/take/").content.decode()
    assert "王秀英" not in skilled.get("/m/take/").content.decode()
    assert "确认接单" in skilled.get(f"/m/take/{case_id}/", headers=SHEET).content.decode()
    assert skilled.post(f"/m/take/{case_id}/").status_code == 302
    late = client_of("team_leader").post(f"/m/take/{case_id}/", headers=SHEET)
    assert late.status_code == 422
    assert "接不了" in late.content.decode()
    assert client_of("stranger").get("/m/tasks/").status_code == 403


def test_an_offer_is_accepted_or_declined_with_a_reason(
    cast: Cast, client_of: Browser, actor: Who, now: datetime
) -> None:
    client = client_of("volunteer")
    case_id = offered(cast, actor, now)
    assert '<b class="badge">1</b>' in client.get("/m/").content.decode()
    assert "等您答复" in client.get("/m/tasks/").content.decode()
    path = f"/m/tasks/{case_id}/move/"
    refused = client.post(path, {"move": "decline"})
    assert refused.status_code == 422
    assert "请写明原因" in refused.content.decode()
    assert client.post(path, {"move": "decline", "reason": "今天出差"})["Location"] == "/m/tasks/"
    assert Case.objects.get().stage == "ordered"
    assert client_of("neighbour").get(f"/m/tasks/{case_id}/").status_code == 403


def test_seeing_the_contact_is_an_act_on_the_record(
    cast: Cast, client_of: Browser, actor: Who, now: datetime
) -> None:
    case_id = taken(cast, actor, now)
    client = client_of("volunteer")
    assert "19900000001" not in client.get(f"/m/tasks/{case_id}/").content.decode()
    seen = client.post(f"/m/tasks/{case_id}/contact/", headers={"HX-Request": "true", "HX-Target": "contact"})
    assert "19900000001" in seen.content.decode()
    assert "3栋2单元401" in seen.content.decode()
    assert seen["Cache-Control"] == "no-store"
    assert "case.contact_seen" in [e.name for e in audit.history(Subject("case", str(case_id)))]
    assert client_of("team_leader").post(f"/m/tasks/{case_id}/contact/").status_code == 403


def test_finishing_needs_result_and_minutes_and_credits_them(
    cast: Cast, client_of: Browser, actor: Who, now: datetime
) -> None:
    case_id = taken(cast, actor, now)
    client, path = client_of("volunteer"), f"/m/tasks/{case_id}/move/"
    wrong = client.post(path, {"move": "finish", "result": "修好了", "minutes": "999"})
    assert wrong.status_code == 422
    assert "最多记180分钟" in wrong.content.decode()
    assert "修好了" in wrong.content.decode()
    given = {"move": "finish", "result": "修好了", "minutes": "50", "client_key": "f1"}
    for _ in range(2):
        assert client.post(path, {**given, "photos": [photo()]}).status_code == 302
    case = Case.objects.get()
    assert (case.status, case.minutes_served, case.photo_count) == ("closed", 50, 1)
    page = client.get("/m/hours/").content.decode()
    assert "+50" in page
    assert "+8" in page


def test_a_team_leader_credits_each_who_went(
    cast: Cast, client_of: Browser, actor: Who, now: datetime, clock: FixedClock
) -> None:
    case_id = offered(cast, actor, now, Taker(TakerKind.TEAM, cast.team_id))
    client, path = client_of("team_leader"), f"/m/tasks/{case_id}/move/"
    assert "十电社区帮帮团" in client.get(f"/m/tasks/{case_id}/").content.decode()
    assert client.post(path, {"move": "accept"}).status_code == 302
    assert "谁去了，各多少分钟" in client.get(f"/m/tasks/{case_id}/").content.decode()
    given = {"move": "finish", "result": "都修好了"}
    empty = client.post(path, given)
    assert empty.status_code == 422
    assert "请填写服务了多少分钟" in empty.content.decode()
    people = [cast["volunteer"].person_id, cast["team_leader"].person_id]
    given |= {f"minutes_{people[0]}": "60", f"minutes_{people[1]}": "30"}
    assert client.post(path, given).status_code == 302
    assert Case.objects.get().minutes_served == 90
    assert "+60" in client_of("volunteer").get("/m/hours/").content.decode()


def test_every_page_speaks_english_too(cast: Cast, client_of: Browser, actor: Who, now: datetime) -> None:
    case_id = taken(cast, actor, now)
    client = client_of("volunteer")
    client.cookies["huakai_language"] = "en"
    for path in (
        "/m/",
        "/m/order/haircut/",
        "/m/say/",
        "/m/orders/",
        "/m/take/",
        "/m/tasks/",
        f"/m/tasks/{case_id}/",
        "/m/hours/",
    ):
        assert client.get(path).status_code == 200
    assert "What help do you need" in client.get("/m/").content.decode()


@pytest.mark.parametrize(
    ("role", "path", "most"),
    [
        ("resident", "/m/", 5),
        ("resident", "/m/order/haircut/", 5),
        ("resident", "/m/say/", 5),
        ("volunteer", "/m/take/", 10),
        ("volunteer", "/m/tasks/", 7),
    ],
)
def test_pages_cost_few_queries_whatever_they_show(
    role: str,
    path: str,
    most: int,
    client_of: Browser,
    actor: Who,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(12):
        open_one(actor("resident"), now, key=str(number))
    client = client_of(role)
    with django_assert_max_num_queries(most):
        assert client.get(path).status_code == 200


def test_who_ordered_for_a_neighbour_may_rate_it(
    cast: Cast, client_of: Browser, actor: Who, now: datetime
) -> None:
    given = sheet(served_for="neighbour", name="李建国", phone="19900000002")
    client_of("resident").post("/m/order/haircut/", given)
    case_id = Case.objects.get().id
    volunteer = Taker(TakerKind.PERSON, cast["volunteer"].person_id)
    move(case_id, "offer", actor("street_staff"), now, taker=volunteer)
    move(case_id, "accept", actor("volunteer"), now)
    move(case_id, "finish", actor("volunteer"), now, result="理好了", minutes=30)
    assert client_of("resident").post(f"/m/orders/{case_id}/rate/", {"stars": "5"}).status_code == 302
    assert Rating.objects.get().rater_role == "requester"


def test_a_demand_shows_who_is_in_charge(client_of: Browser, actor: Who, now: datetime) -> None:
    case_id = open_one(actor("resident"), now, service="", category="road", detail="路上有坑")
    move(case_id, "assign", actor("centre_staff"), now, unit_code="370402D02")
    page = client_of("resident").get(f"/m/orders/{case_id}/").content.decode()
    assert "区住房和城乡建设局承办" in page
    assert "会先打电话" not in page

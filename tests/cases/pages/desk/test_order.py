"""代群众点单: the caller becomes a person once, the order one case, and mistakes are said beside the field."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from huakai.cases.models import Case
from huakai.registry.models import Person
from tests.cast import COMMUNITY, OTHER_COMMUNITY

Browser = Callable[[str], Client]


def call(**changes: Any) -> dict[str, Any]:
    given = {
        "client_key": "call-1",
        "name": "孙大爷",
        "phone": "199 0000 9001",
        "caller": "resident",
        "channel": "hotline",
        "area": COMMUNITY,
        "address": "5栋1单元101",
        "item": "service:haircut",
        "detail": "下午方便",
    }
    return given | changes


def test_a_call_becomes_one_case_of_one_person(client_of: Browser) -> None:
    client = client_of("station_staff")
    answer = client.post("/desk/order/", call())
    case = Case.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/desk/cases/{case.pk}/")
    assert (case.service, case.channel, case.area_code) == ("haircut", "hotline", COMMUNITY)
    assert client.post("/desk/order/", call())["Location"] == answer["Location"]
    client.post("/desk/order/", call(client_key="call-2", item="category:road", detail="门口路灯不亮"))
    assert Case.objects.values_list("requester", flat=True).distinct().count() == 1
    assert Person.objects.filter(name_masked="孙**").count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": ""}, "name", "请写来电人的姓名"),
        ({"phone": "123"}, "phone", "手机号不对"),
        ({"area": ""}, "area", "请选择所在的村"),
        ({"item": ""}, "item", "请选一项服务"),
        ({"item": "category:road", "detail": ""}, "detail", "请说说需要什么帮助"),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_the_input_kept(
    changes: dict[str, Any], field: str, words: str, client_of: Browser
) -> None:
    answer = client_of("station_staff").post("/desk/order/", call(**changes))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in text
    assert words in text
    assert "5栋1单元101" in text
    assert 'name="client_key" value="call-1"' in text
    assert not Case.objects.exists()


def test_a_station_orders_only_for_its_own_community(client_of: Browser) -> None:
    assert OTHER_COMMUNITY not in client_of("station_staff").get("/desk/order/").content.decode()
    assert client_of("station_staff").post("/desk/order/", call(area=OTHER_COMMUNITY)).status_code == 422
    assert not Case.objects.exists()


@pytest.mark.parametrize("role", ["resident", "leader", "stranger"])
def test_who_may_not_open_cases_for_others_is_refused(role: str, client_of: Browser) -> None:
    assert client_of(role).post("/desk/order/", call()).status_code == 403
    assert not Case.objects.exists()

"""The routing page: read by staff, tried, and replayed; nothing is saved."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huakai.cases.queries import routing as tables
from huakai.cases.rules.routing import Routed
from huakai.packs.models import Edition
from huakai.registry.types import Actor
from tests import cast as people
from tests.factories.cases import open_one
from tests.factories.routing import file_of

Browser = Callable[[str], Client]
PAGE = "/desk/routing/"


def test_the_table_is_shown_with_numbers_conditions_and_reasons(client_of: Browser) -> None:
    page = client_of("centre_staff").get(PAGE).content.decode()
    assert '<th scope="row" class="num">10</th>' in page
    assert "类别：道路破损、路灯照明" in page
    assert "区住房和城乡建设局" in page
    assert "没有写明责任单位，由所在镇街兜底" in page
    assert "规则 18 写的单位 370402D10 现在没有，兜底会接走" in page
    assert "style=" not in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("category=road", "规则 10，因为：城建、供热、燃气和物业由住建部门负责"),
        ("category=education", "规则 18 适用，但它写的单位现在没有；兜底"),
        ("", "没有规则适用；兜底"),
        ("answers=item%3Dodd", "规则 3，因为：这个事项不在清单上，请镇街裁定由谁负责"),
        ("at=2026-01-31T18:30", "没有规则适用"),
        ("at=gestern", "时间看不懂，请写成 2026-01-31 18:30"),
        ("answers=odd", "回答每行写一个，如 power=cg001"),
    ],
)
def test_a_case_is_tried_and_the_rule_is_told(client_of: Browser, query: str, said: str) -> None:
    page = client_of("centre_staff").get(f"{PAGE}?area={people.COMMUNITY}&{query}").content.decode()
    assert said in page


def test_the_reason_is_told_in_english_too(client_of: Browser) -> None:
    client = client_of("centre_staff")
    client.post("/language/", {"language": "en"})
    client.cookies["django_language"] = "en"
    answer = client.get(f"{PAGE}?area={people.COMMUNITY}&category=road", headers={"accept-language": "en"})
    assert "Rule 10, because: Housing and construction answers" in answer.content.decode()


def test_last_month_is_replayed_against_a_pasted_or_uploaded_table(
    client_of: Browser, actor: Callable[[str], Actor], now: datetime
) -> None:
    open_one(actor("resident"), now - timedelta(days=2), category="road", service="")
    rule = {"number": 10, "category": "road", "to": {"unit": people.DEPARTMENT}}
    text = yaml.safe_dump(file_of(rule), allow_unicode=True)
    client, editions = client_of("centre_staff"), Edition.objects.count()
    upload = SimpleUploadedFile("default.yaml", text.encode())
    for sent in ({"table": text}, {"file": upload}):
        answer = client.post(PAGE, sent)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert "1 张单子里有 1 张会换单位" in page
        assert "区商务和投资促进局" in page
    assert Edition.objects.count() == editions


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"table": ""}, "请粘贴或上传改过的规则表"),
        ({"table": "a: ["}, "不是正确的 YAML"),
        ({"table": yaml.safe_dump(file_of(code="Bad!"))}, "格式应为"),
        ({"file": SimpleUploadedFile("x.yaml", b"\xff\xfe")}, "文件不是 UTF-8 编码"),
    ],
)
def test_a_table_with_mistakes_is_answered_in_words(
    client_of: Browser, sent: dict[str, object], said: str
) -> None:
    answer = client_of("centre_staff").post(PAGE, sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_page_is_for_staff_and_each_tries_what_they_see(client_of: Browser) -> None:
    for role in ("street_staff", "dept_handler", "admin", "auditor"):
        assert client_of(role).get(PAGE).status_code == 200
        assert client_of(role).get(f"{PAGE}powers/").status_code == 200
    for role in ("resident", "volunteer", "stranger"):
        assert client_of(role).get(PAGE).status_code == 403
        assert client_of(role).get(f"{PAGE}powers/").status_code == 403
    page = client_of("neighbour_staff").get(f"{PAGE}?area={people.COMMUNITY}").content.decode()
    assert "没有规则适用" not in page
    assert Client().get(PAGE).status_code == 302


def test_a_proposed_unit_outside_the_printed_groups_can_be_chosen(
    client_of: Browser, actor: Callable[[str], Actor], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = open_one(actor("resident"), now, category="road", service="", title="路灯不亮")
    proposed = Routed(people.COMMUNITY, 7, "无人主管的楼院归社区", "The community looks after it")
    monkeypatch.setattr(tables, "proposal", lambda case, on: proposed)
    page = client_of("centre_staff").get(f"/desk/cases/{case_id}/").content.decode()
    assert f'<option value="{people.COMMUNITY}" selected>十电社区</option>' in page

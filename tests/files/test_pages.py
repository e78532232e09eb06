"""The import desk: check, read the report, confirm; nothing before the confirmation."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from huakai.kernel.clock import FixedClock
from huakai.registry.models import Unit

ClientOf = Callable[[str], Client]
GOOD = "编码,名称,类型,上级编码,起始日期\n370402009,新镇,town,370402,2020-12-01\n".encode()


@pytest.fixture(autouse=True)
def files_root(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES_ROOT = tmp_path
    return tmp_path


def _upload(client: Client, content: bytes, kind: str = "units") -> object:
    file = SimpleUploadedFile("units.csv", content)
    return client.post("/desk/import/", {"kind": kind, "act": "check", "file": file})


def test_a_good_file_is_written_after_the_confirmation(client_of: ClientOf) -> None:
    desk = client_of("centre_staff")
    checked = _upload(desk, GOOD)
    assert checked.status_code == 200  # type: ignore[attr-defined]
    assert not Unit.objects.filter(code="370402009").exists()
    ticket = checked.context["ticket"]  # type: ignore[attr-defined]
    done = desk.post("/desk/import/", {"kind": "units", "act": "confirm", "ticket": ticket}, follow=True)
    assert "新增 1 行" in done.content.decode()
    assert Unit.objects.filter(code="370402009").exists()
    again = desk.post("/desk/import/", {"kind": "units", "act": "confirm", "ticket": ticket})
    assert again.status_code == 422


def test_a_bad_file_shows_its_lines_and_offers_no_confirmation(client_of: ClientOf) -> None:
    answer = _upload(client_of("centre_staff"), GOOD.replace(b"town", b"moon"))
    assert answer.status_code == 422  # type: ignore[attr-defined]
    text = answer.content.decode()  # type: ignore[attr-defined]
    assert "“moon”不在目录里" in text
    assert "确认导入" not in text


def test_a_missing_or_unreadable_file_is_said_beside_the_field(client_of: ClientOf) -> None:
    desk = client_of("centre_staff")
    assert (
        "请选择要导入的文件" in desk.post("/desk/import/", {"kind": "units", "act": "check"}).content.decode()
    )
    assert "打不开" in _upload(desk, b"PK\x03\x04").content.decode()  # type: ignore[attr-defined]
    assert _upload(desk, GOOD, "unicorns").status_code == 404  # type: ignore[attr-defined]
    assert "缺少这一列" in _upload(desk, b"x\n1\n").content.decode()  # type: ignore[attr-defined]
    headings = "编码,名称,类型,起始日期\n".encode()
    assert "没有数据行" in _upload(desk, headings).content.decode()  # type: ignore[attr-defined]


def test_a_ticket_is_ones_own_and_ends(client_of: ClientOf, clock: FixedClock, files_root: Path) -> None:
    ticket = _upload(client_of("centre_staff"), GOOD).context["ticket"]  # type: ignore[attr-defined]
    answer = {"kind": "units", "act": "confirm", "ticket": ticket}
    assert client_of("admin").post("/desk/import/", answer).status_code == 422
    assert client_of("centre_staff").post("/desk/import/", {**answer, "ticket": "x"}).status_code == 422
    clock.at += timedelta(days=10_000)
    assert client_of("centre_staff").post("/desk/import/", answer).status_code == 422
    assert list((files_root / "waiting").iterdir()) == []


def test_the_stranger_does_not_import(client_of: ClientOf, client: Client) -> None:
    for role in ("stranger", "street_staff", "leader"):
        assert client_of(role).get("/desk/import/").status_code == 403
        assert client_of(role).get("/desk/import/units.xlsx").status_code == 403
    assert client.get("/desk/import/").status_code == 302


def test_every_kind_has_a_template_and_its_columns_explained(client_of: ClientOf) -> None:
    desk = client_of("centre_staff")
    assert desk.get("/desk/import/units.xlsx").content[:2] == b"PK"
    page = desk.get("/desk/import/?kind=volunteers").content.decode()
    assert "服务队编码" in page
    assert "请选择" in desk.get("/desk/import/").content.decode()

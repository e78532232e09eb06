"""Menus show what the reader may open, in order, and mark where they are."""

import pytest

from huakai.registry.types import Actor
from huakai.web import menu
from tests.web.pagekit import page_request

CLERK = Actor(display="李", permissions={"case.view": ("370402",)})


@pytest.fixture(autouse=True)
def _own_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu, "_items", {"desk": {}, "m": {}})
    menu.register_menu(
        "desk", menu.MenuItem("parts", "组件", "web:gallery", "table", needs="case.view", order=2)
    )
    menu.register_menu(
        "desk", menu.MenuItem("mode", "字号", "web:set_mode", "eye", order=1, count=lambda _: 7)
    )
    menu.register_menu("desk", menu.MenuItem("gone", "未建", "web:nowhere", "x"))


def codes(actor: Actor) -> list[str]:
    return [entry.code for entry in menu.entries_for(page_request(actor=actor), "desk")]


def test_entries_follow_the_order_and_the_right() -> None:
    assert codes(CLERK) == ["mode", "parts"]
    assert codes(Actor()) == ["mode"]


def test_entries_mark_the_page_and_carry_counts() -> None:
    entries = menu.entries_for(page_request("/parts", actor=CLERK), "desk")
    assert [entry.current for entry in entries] == [False, True]
    assert entries[0].count == 7

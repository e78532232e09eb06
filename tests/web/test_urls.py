"""The switches and the error pages through the whole stack, without an account and without the database."""

import pytest
from django.test import Client


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "没有找到这一页"), ("en", "This page was not found")]
)
def test_a_missing_page_answers_in_the_readers_language(language: str, words: str) -> None:
    client = Client(headers={"Accept-Language": language})
    response = client.get("/nowhere/at/all")
    assert response.status_code == 404
    assert words in response.content.decode()
    assert "default-src 'self'" in response["Content-Security-Policy"]


def test_the_mode_switch_changes_the_next_page() -> None:
    client = Client()
    assert client.post("/mode/", {"mode": "xl", "next": "/nowhere"})["Location"] == "/nowhere"
    assert 'data-mode="xl"' in client.get("/nowhere").content.decode()


def test_a_form_without_the_token_is_answered_in_words() -> None:
    response = Client(enforce_csrf_checks=True).post("/mode/", {"mode": "xl"})
    assert response.status_code == 403
    assert "请返回上一页，刷新后再提交一次" in response.content.decode()


@pytest.mark.django_db
def test_the_gallery_is_not_for_strangers() -> None:
    assert Client().get("/parts").status_code in (302, 403)

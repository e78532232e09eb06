"""What every template may use."""

import pytest
from django.utils import translation

from huakai.web import context
from tests.web.pagekit import page_request


def test_chrome_names_the_language_for_browsers() -> None:
    with translation.override("en"):
        assert context.chrome(page_request())["html_lang"] == "en"
    assert context.chrome(page_request())["html_lang"] == "zh-CN"


def test_the_last_registered_brand_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "_brand_of", [])
    assert context.chrome(page_request())["brand"].name == "文明实践"
    context.register_brand(lambda request: context.Brand(name="某区", unit="某街道"))
    assert context.chrome(page_request())["brand"].unit == "某街道"

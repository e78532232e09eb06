"""The page of all parts renders in every family, mode and language."""

import re

import pytest
from django.utils import translation

from huakai.web import gallery, menu
from tests.web.pagekit import page_request


@pytest.mark.parametrize("family", ["", "phone", "screen"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_gallery_shows_every_part_without_inline_style_or_script(
    family: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(menu, "_items", {"desk": {}, "m": {}})
    with translation.override(language):
        page = gallery.gallery(page_request(f"/parts?family={family}&order=1", mode="elder")).content.decode()
    assert 'data-mode="elder"' in page
    assert not re.search(r"\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page)
    if language == "en":
        assert not re.findall(r"[一-鿿]+", re.sub(r"周阿姨|<button[^>]*>中文</button>", "", page))


def test_gallery_is_for_people_who_signed_in() -> None:
    assert gallery.gallery.needs == "signed_in"  # type: ignore[attr-defined]

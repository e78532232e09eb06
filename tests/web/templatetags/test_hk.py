"""Template words, also where `include … only` hides the page's context."""

import pytest
from django.template import RequestContext, Template
from django.utils import translation

from tests.web.pagekit import page_request


def rendered(source: str, path: str = "/parts", **context: object) -> str:
    request = page_request(path)
    return Template("{% load hk %}" + source).render(RequestContext(request, context)).strip()


@pytest.mark.parametrize(
    ("value", "text"), [(4, "★★★★☆"), ("4.86", "★ 4.9"), (5.0, "★ 5.0"), (None, "—"), ("", "—")]
)
def test_stars_show_a_rating_an_average_or_nothing(value: object, text: str) -> None:
    assert rendered("{{ value|stars }}", value=value) == text


def test_querystring_changes_one_value_and_drops_empty_ones() -> None:
    assert (
        rendered('{% querystring_with cursor="b" tab="" %}', "/parts?tab=late&q=x&cursor=a")
        == "?q=x&amp;cursor=b"
    )


def test_minutes_and_missing_values_are_words() -> None:
    assert rendered("{{ 80|minutes }} {{ none|minutes }}", none=None) == "1小时20分 —"
    with translation.override("en"):
        assert rendered("{{ 80|minutes }}") == "1 h 20 min"
    assert rendered("{% nice_time none %}{% due_words none %}", none=None) == "—"


def test_form_keys_keep_the_clients_key_on_the_second_try() -> None:
    assert 'name="client_key" value="abc"' in rendered('{% form_keys "abc" %}')
    assert rendered("{% form_keys %}") != rendered("{% form_keys %}")


def test_times_and_keys_work_inside_parts_included_with_only() -> None:
    page = rendered(
        '{% include "web/parts/sla.html" with due_at=now only %}'
        '{% include "web/parts/confirm.html" with action="/x" question="?" yes="y" back="/" only %}'
    )
    assert "超 0分钟" in page
    assert "csrfmiddlewaretoken" in page


def test_text_from_people_is_escaped_in_parts() -> None:
    page = rendered(
        '{% include "web/parts/card.html" with title=evil only %}', evil="<script>alert(1)</script>"
    )
    assert "<script>" not in page

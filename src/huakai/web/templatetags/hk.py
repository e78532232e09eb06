"""Template words of the platform: `{% load hk %}`."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import template
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from huakai.kernel.clock import CHINA
from huakai.web import edge, menu, wording

register = template.Library()


def _request(context: Context) -> HttpRequest | None:
    return getattr(context, "request", None) or context.get("request")


def _language() -> str:
    return get_language() or "zh-hans"


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """`{% icon "camera" %}`: a picture from the sprite, silent for screen readers."""
    return format_html(
        '<svg class="i{}{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        " " if extra else "", extra, static("dist/icons.svg"), name,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def nice_time(context: Context, value: datetime | date | None) -> str:
    """`{% nice_time case.opened_at %}`: 今天 15:00."""
    if value is None:
        return "—"
    now = edge.now_of(_request(context))
    if isinstance(value, datetime):
        return wording.nice_time(value, now, _language())
    return wording.nice_day(value, now.astimezone(CHINA).date(), _language())


@register.simple_tag(takes_context=True)
def time_tag(context: Context, value: datetime | None) -> SafeString:
    """The same inside `<time>`, exact instant for machines."""
    if value is None:
        return format_html("{}", "—")
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), nice_time(context, value))


@register.simple_tag(takes_context=True)
def due_words(context: Context, due_at: datetime | None) -> str:
    """`{% due_words case.due_at %}`: 剩 35分钟 / 超 1小时20分; empty without a deadline."""
    if due_at is None:
        return ""
    return wording.due_words(due_at, edge.now_of(_request(context)), _language())


@register.simple_tag(takes_context=True)
def due_tone(context: Context, due_at: datetime | None) -> str:
    """`late`, `soon`, `calm`; empty without a deadline."""
    return wording.due_tone(due_at, edge.now_of(_request(context))) if due_at else ""


@register.filter
def number(value: object) -> str:
    """`{{ n|number }}`: 3,482."""
    return wording.number(value)


@register.filter
def minutes(value: int | None) -> str:
    """`{{ 80|minutes }}`: 1小时20分."""
    return "—" if value is None else wording.span_words(timedelta(minutes=value), _language())


@register.filter
def stars(value: object) -> str:
    """`{{ 4|stars }}`: ★★★★☆; `{{ 4.86|stars }}` for averages: ★ 4.9; nothing rated: —."""
    if value is None or value == "":
        return "—"
    if isinstance(value, int):
        return "★" * value + "☆" * (5 - value)
    return f"★ {Decimal(str(value)):.1f}"


@register.filter
def get(mapping: Mapping[Any, Any], key: object) -> object:
    """`{{ table|get:code }}`: a value by a key that is itself a variable."""
    return mapping.get(key, "")


@register.simple_tag(takes_context=True)
def querystring_with(context: Context, **changes: object) -> str:
    """`{% querystring_with cursor=next %}`: this page's query with some values changed or dropped (empty)."""
    request = _request(context)
    query = request.GET.copy() if request else None
    if query is None:
        return ""
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag(takes_context=True)
def form_keys(context: Context, client_key: object = "") -> SafeString:
    """Hidden fields of every writing form: the CSRF token and the client's own key against double taps."""
    request = _request(context)
    token = get_token(request) if request else ""
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="client_key" value="{}">',
        token, client_key or uuid4(),
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def csrf_field(context: Context) -> SafeString:
    """Only the CSRF token (works inside `include … only`)."""
    request = _request(context)
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request) if request else ""
    )


@register.simple_tag(takes_context=True)
def menu_entries(context: Context, family: menu.Family) -> list[menu.MenuEntry]:
    """`{% menu_entries "desk" as entries %}`."""
    request = _request(context)
    return menu.entries_for(request, family) if request else []


@register.simple_tag(takes_context=True)
def here(context: Context) -> str:
    """The path and query of this page, for `next` fields."""
    request = _request(context)
    return request.get_full_path() if request else "/"

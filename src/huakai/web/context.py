"""The chrome around every page: mode, languages, hotline, brand, waiting toast."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huakai.web import edge, toasts


@dataclass(frozen=True)
class Brand:
    """Whose platform this is: the place's name and, on desks, the unit at work."""

    name: str
    unit: str = ""


_brand_of: list[Callable[[HttpRequest], Brand]] = []


def register_brand(brand_of: Callable[[HttpRequest], Brand]) -> None:
    """Called once from apps.ready() by the floor that knows the place; the last one counts."""
    _brand_of.append(brand_of)


def brand(request: HttpRequest) -> Brand:
    return _brand_of[-1](request) if _brand_of else Brand(name=_("文明实践"))


def chrome(request: HttpRequest) -> dict[str, Any]:
    """What every template may use; nothing here touches the database until it is printed."""
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "mode": getattr(request, "mode", "std"),
        "language": language,
        "html_lang": "zh-CN" if language.startswith("zh") else language,
        "languages": (("zh-hans", "中文"), ("en", "English")),
        "hotline": settings.HOTLINE,
        "now": edge.now_of(request),
        "actor": edge.reader_of(request),
        "request_id": getattr(request, "request_id", ""),
        "brand": SimpleLazyObject(lambda: brand(request)),
        "toast": SimpleLazyObject(lambda: toasts.waiting(request)),
        "demo": settings.DEMO,
    }

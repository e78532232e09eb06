"""JSON in and out: fast replies from dataclasses, and problems as RFC 9457 documents."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from pydantic import TypeAdapter

from huakai.kernel.errors import NotAllowed, NotFound, RuleBroken
from huakai.web.errors import words_of

PROBLEM = "application/problem+json"


@lru_cache(maxsize=64)
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def reply(shape: Any, value: Any, *, status: int = 200) -> HttpResponse:
    """`value` (already of `shape`) as JSON, serialised once and not validated again."""
    return HttpResponse(_adapter(shape).dump_json(value), content_type="application/json", status=status)


def problem(
    status: int, code: str, detail: str, *, field: str = "", more: Mapping[str, Any] | None = None
) -> HttpResponse:
    """A refusal as problem+json; `detail` is a sentence in the reader's language."""
    body: dict[str, Any] = {
        "type": f"urn:huakai:problem:{code}",
        "title": code,
        "status": status,
        "detail": detail,
    }
    if field:
        body["field"] = field
    body |= more or {}
    return HttpResponse(json.dumps(body, ensure_ascii=False), content_type=PROBLEM, status=status)


def refusal(error: RuleBroken) -> HttpResponse:
    """A broken rule as a problem: 403, 404 or 422."""
    status = 403 if isinstance(error, NotAllowed) else 404 if isinstance(error, NotFound) else 422
    return problem(status, error.code, words_of(error), field=error.field)

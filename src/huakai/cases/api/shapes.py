"""What the endpoints of this door share: lengths, patterns, who acts and when."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Header, Schema
from pydantic import AfterValidator, AwareDatetime, Base64Bytes

from huakai.registry.types import Actor

Text = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]
Words = Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")]
Line = Annotated[str, Field(max_length=80, pattern=r"^[^\x00]*$")]
Code = Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9_]*$")]
UnitCode = Annotated[str, Field(max_length=24, pattern=r"^[0-9A-Z]*$")]
AreaCode = Annotated[str, Field(pattern=r"^[0-9A-Z]{2,24}$")]
Stars = Annotated[int, Field(ge=1, le=5)]
Answer = Annotated[str, Field(max_length=1000, pattern=r"^[^\x00]*$")]
Answers = Annotated[
    dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")], Answer], Field(max_length=40)
]
Photos = Annotated[list[Base64Bytes], Field(max_length=9)]
"""Photos in base64; they are re-encoded and stripped like any other."""
KeyHeader = Annotated[
    str, Header(alias="Idempotency-Key", min_length=1, max_length=58, pattern=r"^[\x21-\x7e]+$")
]
ShortKeyHeader = Annotated[
    str, Header(alias="Idempotency-Key", min_length=1, max_length=36, pattern=r"^[\x21-\x7e]+$")
]


def _in_our_time(moment: datetime) -> datetime:
    """As UTC; far-off years are a mistake, and some cannot be stored."""
    if not 2000 <= moment.year <= 2100:
        raise ValueError("must lie between the years 2000 and 2100")
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_in_our_time)]


def edge(request: HttpRequest) -> tuple[Actor, datetime]:
    """Who acts and when, as the edge set them."""
    return request.actor, request.now  # type: ignore[attr-defined]


READ, WRITE = "cases:read", "cases:write"
Ids = Annotated[list[UUID], Field(min_length=1, max_length=200)]


class Made(Schema):
    """What was made."""

    id: UUID


class WordsIn(Schema):
    """Words."""

    text: Text


def done() -> HttpResponse:
    """Nothing to tell but that it is done."""
    return HttpResponse(status=204)

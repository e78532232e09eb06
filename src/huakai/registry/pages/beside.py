"""Refusals shown beside their field: one shape for every form of this floor."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.web import errors

T = TypeVar("T")


@dataclass
class Beside:
    """What went wrong, by field (empty name: the form as a whole)."""

    errors: dict[str, str] = field(default_factory=dict)

    def attempt(self, act: Callable[[], T]) -> T | None:
        """Do it; a refusal becomes a sentence beside its field. Missing rights stay an error page."""
        try:
            return act()
        except (NotAllowed, NotFound):
            raise
        except RuleBroken as error:
            self.errors[error.field] = errors.words_of(error)
            return None

    @property
    def problems(self) -> list[dict[str, str]]:
        """For the summary on top."""
        return [{"field": name, "text": text} for name, text in self.errors.items()]

    def day(self, data: QueryDict, name: str) -> date | None:
        """A date field; a wrong one is said beside it."""
        text = data.get(name, "").strip()
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.errors[name] = _("日期看不懂，请写成 2026-01-31")
            return None

    def whole(self, data: QueryDict, name: str, default: int) -> int:
        """A whole number; a wrong one is said beside it."""
        text = data.get(name, "").strip()
        if not text:
            return default
        if not (text.isascii() and text.isdigit()) or len(text) > 9:
            self.errors[name] = _("请填写整数")
            return default
        return int(text)


def key_of(text: str) -> UUID:
    """A key a form sends back; anything else is not there."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("unknown", N_("没有找到")) from None

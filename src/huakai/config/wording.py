"""Sentences of the floors, in the language of the terminal: Chinese under a Chinese locale, English otherwise."""

import os
from collections.abc import Mapping

from django.utils import translation
from django.utils.translation import gettext


def language() -> str:
    """What the person's locale asks for; the command line itself speaks English."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh-hans" if locale.lower().startswith("zh") else "en"


def sentence(message: str, params: Mapping[str, object] | None = None) -> str:
    """A source string of a floor, translated and filled in."""
    with translation.override(language()):
        text = gettext(message)
    return text.format(**params) if params else text

"""Answers to forms: open ones beside the case, private ones sealed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from huakai.cases.definitions import FieldDef
from huakai.cases.models import Case
from huakai.cases.queries.own import ANSWERS, private_of
from huakai.kernel import crypto


@dataclass(frozen=True)
class Parted:
    """Answers as they are stored: those anybody with the case may read, and the sealed ones."""

    open: dict[str, str]
    sealed: bytes | None


def parted(fields: Iterable[FieldDef], given: Mapping[str, str]) -> Parted:
    """The answers of a new case; unknown codes are dropped."""
    known = {field.code: field for field in fields}
    wanted = {code: text.strip() for code, text in given.items() if code in known}
    private = {code: text for code, text in wanted.items() if known[code].private}
    return Parted(
        {code: text for code, text in wanted.items() if code not in private},
        _sealed(private) if private else None,
    )


def _sealed(private: Mapping[str, str]) -> bytes:
    return crypto.field_cipher().encrypt(json.dumps(private, ensure_ascii=False), context=ANSWERS)


def keep(case: Case, fields: Iterable[FieldDef], given: Mapping[str, str]) -> None:
    """Put the answers of these fields on the case, over earlier ones; unknown codes are dropped."""
    kept = parted(fields, given)
    case.answers = case.answers | kept.open
    if kept.sealed is not None:
        case.private_enc = _sealed(private_of(case.private_enc) | private_of(kept.sealed))

"""Answers to forms: open ones beside the case, private ones sealed."""

import json
from collections.abc import Iterable, Mapping

from huakai.cases.definitions import FieldDef
from huakai.cases.models import Case
from huakai.cases.queries.own import ANSWERS
from huakai.kernel import crypto


def keep(case: Case, fields: Iterable[FieldDef], given: Mapping[str, str]) -> None:
    """Put the answers of these fields on the case, over earlier ones; unknown codes are dropped."""
    known = {field.code: field for field in fields}
    wanted = {code: text.strip() for code, text in given.items() if code in known}
    case.answers = case.answers | {c: t for c, t in wanted.items() if not known[c].private}
    private = {code: text for code, text in wanted.items() if known[code].private}
    if private:
        cipher = crypto.field_cipher()
        before = json.loads(cipher.decrypt(bytes(case.private_enc), context=ANSWERS)) if case.private_enc else {}
        case.private_enc = cipher.encrypt(json.dumps(before | private, ensure_ascii=False), context=ANSWERS)

"""Answers to the fields of a form: do they fit, and does one of them stop."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from huakai.cases.definitions import Category, FieldDef, Flow
from huakai.kernel.errors import N_, RuleBroken

LONGEST = {"line": 120, "text": 1000}


def form_fields(flow: Flow, category: Category | None = None) -> tuple[FieldDef, ...]:
    """The questions of a category and of a flow."""
    return (*(category.form if category else ()), *flow.form)


def field_problem(fields: Iterable[FieldDef], answers: Mapping[str, str]) -> RuleBroken | None:
    """The first field that lacks its answer, has one that does not fit, or one that stops; beside that field."""
    for field in fields:
        problem = _problem(field, answers.get(field.code, "").strip())
        if problem is not None:
            return problem
    return None


def _problem(field: FieldDef, answer: str) -> RuleBroken | None:
    where = f"answer_{field.code}"
    if not answer:
        if not field.required:
            return None
        return RuleBroken("answer_missing", N_("请填写“{title}”"), field=where, title=field.title)
    choice = next((c for c in field.choices if c.code == answer), None)
    if choice is not None and choice.stop:
        return RuleBroken("stopped", choice.stop, field=where)
    if not _fits(field, answer):
        return RuleBroken("answer_wrong", N_("“{title}”填得不对，请核对"), field=where, title=field.title)
    return None


def _fits(field: FieldDef, answer: str) -> bool:
    match field.kind:
        case "line" | "text":
            return len(answer) <= LONGEST[field.kind]
        case "choice":
            return any(choice.code == answer for choice in field.choices)
        case "yes_no":
            return answer in {"yes", "no"}
        case "date":
            return _is_date(answer)
        case "number":
            return _in_range(field, answer)


def _is_date(answer: str) -> bool:
    try:
        return 2000 <= date.fromisoformat(answer).year <= 2100
    except ValueError:
        return False


def _in_range(field: FieldDef, answer: str) -> bool:
    try:
        number = Decimal(answer)
    except InvalidOperation:
        return False
    above = field.least is None or number >= field.least
    return number.is_finite() and above and (field.most is None or number <= field.most)

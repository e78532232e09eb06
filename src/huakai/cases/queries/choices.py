"""Moves and forms in the reader's words: an edition never changes, so each is put into words once per language."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from django.utils.translation import gettext as _

from huakai.cases import rules
from huakai.cases.definitions import (
    AllOf,
    AnyOf,
    FieldDef,
    FieldIs,
    Flow,
    HasFields,
    HasOutcome,
    HasQuantity,
    Move,
)
from huakai.cases.queries import catalogue
from huakai.cases.types import (
    AnswerLine,
    ChoiceAsk,
    FieldAsk,
    MoveChoice,
    OutcomeAsk,
    QuantityAsk,
    TextChoice,
)
from huakai.packs.types import say


@lru_cache(maxsize=4096)
def move_choice(edition_id: UUID, flow_code: str, stage: str, code: str, lang: str) -> MoveChoice:
    """One move of a stage with everything its form asks for."""
    flow = catalogue.menu_of_edition(edition_id).flows[flow_code]
    move = next(move for move in flow.stage(stage).moves if move.code == code)
    return MoveChoice(
        code=move.code,
        title=say(move, "title", lang),
        to=move.to,
        effect=move.effect.value,
        asks=rules.asks_of(move),
        tone=move.tone,
        outcomes=_outcomes(flow, move, lang),
        quantities=_quantities(flow, move, lang),
        fields=fields_asked(_fields(flow, move), lang),
        texts=tuple(
            TextChoice(text.code, say(text, "title", lang), text.text)
            for text in flow.texts
            if not text.moves or move.code in text.moves
        ),
    )


def _needs(move: Move) -> Iterator[object]:
    for need in move.needs:
        yield from need.of if isinstance(need, AllOf | AnyOf) else (need,)


def _outcomes(flow: Flow, move: Move, lang: str) -> tuple[OutcomeAsk, ...]:
    asked = [need for need in _needs(move) if isinstance(need, HasOutcome)]
    allowed = {code for need in asked for code in need.of}
    words = (o for o in flow.outcomes if asked and (not allowed or o.code in allowed))
    return tuple(OutcomeAsk(word.code, say(word, "title", lang)) for word in words)


def _quantities(flow: Flow, move: Move, lang: str) -> tuple[QuantityAsk, ...]:
    codes = {need.code for need in _needs(move) if isinstance(need, HasQuantity)}
    return tuple(
        QuantityAsk(q.code, say(q, "title", lang), q.measure, q.decimals)
        for q in flow.quantities
        if q.code in codes
    )


def _fields(flow: Flow, move: Move) -> list[FieldDef]:
    codes: set[str] = set()
    for need in _needs(move):
        if isinstance(need, HasFields):
            codes |= set(need.fields)
        elif isinstance(need, FieldIs):
            codes.add(need.field)
    return [field for field in flow.form if field.code in codes]


def fields_asked(fields: Iterable[FieldDef], lang: str) -> tuple[FieldAsk, ...]:
    """Questions in the reader's language."""
    return tuple(
        FieldAsk(
            code=field.code,
            title=say(field, "title", lang),
            kind=field.kind,
            required=field.required,
            choices=tuple(
                ChoiceAsk(each.code, say(each, "title", lang), say(each, "stop", lang))
                for each in field.choices
            ),
            least=field.least,
            most=field.most,
            private=field.private,
            hint=say(field, "hint", lang),
        )
        for field in fields
    )


@lru_cache(maxsize=1024)
def category_fields(edition_id: UUID, category: str, lang: str) -> tuple[FieldAsk, ...]:
    """What is asked when a case of this category is opened."""
    found = catalogue.menu_of_edition(edition_id).categories.get(category)
    return fields_asked(found.form, lang) if found else ()


def answers_in_words(
    edition_id: UUID, flow: str, category: str, given: Mapping[str, str], lang: str
) -> tuple[AnswerLine, ...]:
    """Answers beside their questions, in the order they are asked; codes of choices become words."""
    if not given:
        return ()
    menu = catalogue.menu_of_edition(edition_id)
    fields = rules.form_fields(menu.flows[flow], menu.categories.get(category))
    found = []
    for field in fields:
        text = given.get(field.code, "")
        if text:
            found.append(
                AnswerLine(field.code, say(field, "title", lang), _worded(field, text, lang), field.private)
            )
    return tuple(found)


def _worded(field: FieldDef, text: str, lang: str) -> str:
    if field.kind == "yes_no":
        return _("是") if text == "yes" else _("否")
    choice = next((each for each in field.choices if each.code == text), None)
    return say(choice, "title", lang) if choice else text


def quantity_title(flow: Flow, code: str, lang: str) -> str:
    """Title of a counted thing; its code when the flow no longer knows it."""
    return next((say(q, "title", lang) for q in flow.quantities if q.code == code), code)


def plain(amount: Decimal) -> Decimal:
    """41.0000 as 41: what was written, without the column's zeros."""
    whole = amount.to_integral_value()
    return whole if amount == whole else amount.normalize()

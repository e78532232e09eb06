"""A form made of what a move or a category asks: one input per need, the words of the flow as choices."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from huakai.cases.forms.phone import PhotosField
from huakai.cases.types import FieldAsk, MoveChoice, MoveInput, Quantity

Choices = Iterable[tuple[str, Any]]
MARKS = [("", "—"), ("余", _("余")), ("近", _("近")), ("约", _("约"))]
REPORTS = frozenset({"finish", "report", "check_ok", "part_done", "feedback"})
"""Moves with which results are shown: their photos may come with a result."""
WRONG_DAY = {"invalid": _("请按“年-月-日”填写日期")}
WRONG_NUMBER = {"invalid": _("请填写数字")}


class DayInput(forms.DateInput):
    """A day from the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _box(rows: int, draft: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "data-draft": draft})


class AnswersMixin(forms.Form):
    """Fields of a form as inputs named `answer_<code>`; whether they fit is for the rules to say."""

    asked: tuple[FieldAsk, ...] = ()

    def ask(self, fields: Iterable[FieldAsk]) -> None:
        """Add an input for every question."""
        self.asked = tuple(fields)
        for field in self.asked:
            self.fields[f"answer_{field.code}"] = _input_of(field)

    def answers(self) -> dict[str, str]:
        """What was answered, by code; a day as 2026-11-20, a number as written."""
        found = {}
        for field in self.asked:
            value = self.cleaned_data.get(f"answer_{field.code}")
            text = value.isoformat() if isinstance(value, date) else str(value or "").strip()
            if text:
                found[field.code] = text
        return found

    def answer_inputs(self) -> Iterator[BoundField]:
        """The inputs in their order."""
        return (self[f"answer_{field.code}"] for field in self.asked)


def _input_of(field: FieldAsk) -> forms.Field:
    common: dict[str, Any] = {"label": field.title, "required": False, "help_text": field.hint}
    made: forms.Field
    match field.kind:
        case "text":
            made = forms.CharField(**common, max_length=1000, widget=_box(3, field.code))
        case "choice":
            made = forms.ChoiceField(
                **common, choices=[("", _("请选择")), *((c.code, c.title) for c in field.choices)]
            )
        case "yes_no":
            made = forms.ChoiceField(**common, choices=[("", _("请选择")), ("yes", _("是")), ("no", _("否"))])
        case "date":
            made = forms.DateField(**common, widget=DayInput(), error_messages=WRONG_DAY)
        case "number":
            box = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
            made = forms.CharField(**common, max_length=20, widget=box)
        case _line:
            made = forms.CharField(**common, max_length=120)
    vars(made)["is_asked"] = field.required
    return made


class AskForm(AnswersMixin):
    """The inputs of one move: only those it asks for, so that nothing else can be handed in with it."""

    use_required_attribute = False

    def __init__(self, *args: Any, choice: MoveChoice | None, units: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choice = choice
        self.quantities = choice.quantities if choice else ()
        if choice is None:
            return
        for name in (*choice.asks, *(["photos"] if _may_show(choice) else [])):
            if name in MAKERS and name not in self.fields:
                self.fields[name] = MAKERS[name]()
        if "unit" in self.fields:
            self.fields["unit"].choices = [("", _("请选择")), *units]  # type: ignore[attr-defined]
        if "units" in self.fields:
            self.fields["units"].choices = list(units)  # type: ignore[attr-defined]
        if "outcome" in self.fields:
            words = [(word.code, word.title) for word in choice.outcomes]
            self.fields["outcome"].choices = [("", _("请选择")), *words]  # type: ignore[attr-defined]
        if choice.effect == "answer" and "result" in self.fields:
            self.fields["result"].label = _("答复内容")
        for quantity in self.quantities:
            self.fields[f"quantity_{quantity.code}"] = forms.DecimalField(
                label=quantity.title,
                required=False,
                min_value=0,
                max_digits=18,
                decimal_places=quantity.decimals or None,
                error_messages=WRONG_NUMBER,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )
            self.fields[f"mark_{quantity.code}"] = forms.ChoiceField(
                label=_("余、近、约"), required=False, choices=MARKS
            )
        self.ask(choice.fields)

    def mark_needed(self) -> None:
        """Say which inputs may stay empty; called before showing, so that the rules word what is missing."""
        asked = set(self.choice.asks) if self.choice else set()
        for name, field in self.fields.items():
            kind = name.partition("_")[0]
            by_rule = kind == "quantity" or name in asked
            field.required = getattr(field, "is_asked", False) if kind == "answer" else by_rule

    def filled(self, code: str) -> None:
        """Put a ready text into the box it is for, as the sheet does without a script."""
        text = next((t.text for t in self.choice.texts if t.code == code), "") if self.choice else ""
        box = self.text_box()
        if text and box:
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data[box] = text  # type: ignore[index]

    def text_box(self) -> str:
        """Where ready texts go."""
        return next((name for name in ("result", "reason") if name in self.fields), "")

    def plain_inputs(self) -> list[BoundField]:
        """Everything but quantities and answers, in the order asked."""
        return [self[name] for name in self.fields if "_" not in name or name in MAKERS]

    def quantity_inputs(self) -> list[tuple[BoundField, BoundField, str]]:
        """(number, mark, measure word) of everything that is counted."""
        return [(self[f"quantity_{q.code}"], self[f"mark_{q.code}"], q.measure) for q in self.quantities]

    def given(self, close_of: Callable[[date], datetime]) -> MoveInput:
        """What is handed in; `close_of` is the end of the office day of a date."""
        data = self.cleaned_data
        days = {name: data.get(name) for name in ("review_at", "due_at")}
        return MoveInput(
            result=data.get("result", ""),
            reason=data.get("reason", ""),
            minutes=data.get("minutes"),
            unit_code=data.get("unit", ""),
            unit_codes=tuple(data.get("units") or ()),
            outcome=data.get("outcome", ""),
            quantities=tuple(
                Quantity(q.code, Decimal(amount), data.get(f"mark_{q.code}", ""))
                for q in self.quantities
                if (amount := data.get(f"quantity_{q.code}")) is not None
            ),
            answers=self.answers(),
            review_at=close_of(days["review_at"]) if days["review_at"] else None,
            due_at=close_of(days["due_at"]) if days["due_at"] else None,
        )


def _may_show(choice: MoveChoice) -> bool:
    return "result" in choice.asks or choice.effect in REPORTS


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=DayInput(), error_messages=WRONG_DAY)


MAKERS: dict[str, Callable[[], forms.Field]] = {
    "unit": lambda: forms.ChoiceField(label=_("承办单位"), required=False),
    "units": lambda: forms.MultipleChoiceField(
        label=_("协办单位"), required=False, widget=forms.CheckboxSelectMultiple
    ),
    "outcome": lambda: forms.ChoiceField(label=_("办理结论"), required=False),
    "result": lambda: forms.CharField(
        label=_("办理结果"), required=False, max_length=2000, widget=_box(4, "result")
    ),
    "reason": lambda: forms.CharField(
        label=_("原因"), required=False, max_length=300, widget=_box(3, "reason")
    ),
    "minutes": lambda: forms.IntegerField(
        label=_("服务了多少分钟"),
        required=False,
        min_value=1,
        max_value=6000,
        error_messages={"invalid": _("请填写整数分钟，例如 45")},
    ),
    "review_at": lambda: _day(_("下次研究的日期")),
    "due_at": lambda: _day(_("承诺办好的日期")),
    "photos": lambda: PhotosField(label=_("照片"), required=False),
}
"""What a move may ask for by name; `taker` is chosen among the proposals of the matching engine instead."""

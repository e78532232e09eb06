"""Shapes of what the board pages take; choices are handed in."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huakai.evaluation.types import NewIssue


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"


class IssueForm(forms.Form):
    """Opening an issue. The last day is asked inclusively, as people say it; periods are kept half-open."""

    board = forms.ChoiceField(label=_("榜单"))
    period = forms.CharField(label=_("期别"), max_length=40, help_text=_("照公布的写法，例如 1—2月"))
    first_on = forms.DateField(label=_("开始日期"), widget=DateInput())
    last_on = forms.DateField(label=_("最后一天"), widget=DateInput())

    def with_boards(self, choices: list[tuple[str, str]]) -> "IssueForm":
        """The same form with the boards of the place to choose from."""
        field = self.fields["board"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        return self

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        data = super().clean() or {}
        first, last = data.get("first_on"), data.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("最后一天不能早于开始日期"))
        return data

    def wanted(self) -> NewIssue:
        """What the service takes."""
        data = self.cleaned_data
        return NewIssue(
            data["board"], data["period"].strip(), data["first_on"], data["last_on"] + timedelta(days=1)
        )

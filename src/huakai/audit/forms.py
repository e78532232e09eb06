"""The auditor's filter: shape only."""

from datetime import datetime, time, timedelta

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from huakai.audit.types import EventFilter
from huakai.kernel.clock import CHINA


class FilterForm(forms.Form):
    """What to look for; dates are days in China, the last one included."""

    name = forms.ChoiceField(label=_("事件"), required=False)
    kind = forms.CharField(label=_("对象类型"), required=False, max_length=40)
    id = forms.CharField(label=_("对象编号"), required=False, max_length=80)
    actor = forms.UUIDField(
        label=_("操作人编号"),
        required=False,
        error_messages={"invalid": _("这不是操作人编号；可在列表里点操作人来筛选")},
    )
    first_on = forms.DateField(
        label=_("起始日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last_on = forms.DateField(
        label=_("截止日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    cursor = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, names: list[str]) -> None:
        super().__init__(data)
        field = self.fields["name"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("全部事件")), *((name, name) for name in names)]
        for each in self.fields.values():
            each.widget.attrs |= {"aria-label": each.label, "placeholder": each.label}

    def wanted(self, within: tuple[str, ...]) -> EventFilter:
        """The filter of a valid form."""
        data = self.cleaned_data
        last = data["last_on"] + timedelta(days=1) if data["last_on"] else None
        return EventFilter(
            subject_kind=data["kind"],
            subject_id=data["id"],
            name=data["name"],
            actor_id=data["actor"],
            starts_at=datetime.combine(data["first_on"], time(), CHINA) if data["first_on"] else None,
            ends_at=datetime.combine(last, time(), CHINA) if last else None,
            within=within,
        )

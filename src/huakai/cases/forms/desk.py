"""Shape of what the staff desk hands in. Choices are passed in."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

Choices = Iterable[tuple[str, Any]]


class RatingForm(forms.Form):
    """Stars of the station (PC-02)."""

    stars = forms.IntegerField(
        label=_("几颗星"),
        min_value=1,
        max_value=5,
        error_messages={"required": _("请点选一到五颗星"), "invalid": _("请点选一到五颗星")},
    )
    comment = forms.CharField(label=_("评语"), required=False, max_length=500)


class ContactForm(forms.Form):
    """Why somebody needs the number in full."""

    reason = forms.CharField(
        label=_("为什么要看"),
        min_length=2,
        max_length=200,
        error_messages={
            "required": _("请写明为什么要看号码，例如：电话约上门时间"),
            "min_length": _("请写明为什么要看号码，例如：电话约上门时间"),
        },
    )


class OrderForm(forms.Form):
    """代群众点单: who calls, where, what."""

    name = forms.CharField(
        label=_("姓名"),
        max_length=30,
        error_messages={"required": _("请写来电人的姓名")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("手机号"),
        max_length=20,
        error_messages={"required": _("请写来电人的手机号")},
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    caller = forms.ChoiceField(label=_("来电人类型"), widget=forms.RadioSelect)
    channel = forms.ChoiceField(label=_("怎么来的"))
    area = forms.ChoiceField(
        label=_("所在村（社区）"), error_messages={"required": _("请选择所在的村（社区）")}
    )
    address = forms.CharField(
        label=_("详细地址"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    item = forms.ChoiceField(
        label=_("要什么服务，或什么事"), error_messages={"required": _("请选一项服务或一类事情")}
    )
    detail = forms.CharField(
        label=_("具体情况"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "data-draft": "order"}),
    )
    urgent = forms.BooleanField(label=_("紧急"), required=False)

    def __init__(self, *args: Any, choices: dict[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        blank = [("", _("请选择"))]
        for name in ("caller", "channel", "area", "item"):
            lead = blank if name in {"area", "item"} else []
            self.fields[name].choices = [*lead, *choices[name]]  # type: ignore[attr-defined]

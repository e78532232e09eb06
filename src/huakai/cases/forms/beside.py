"""Shape of what is handed in beside the moves. What must be there, the services say."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huakai.cases.forms.asks import WRONG_DAY, DayInput

Choices = Iterable[tuple[str, Any]]


def words(label: Any, *, draft: str, rows: int = 3, most: int = 2000) -> forms.CharField:
    """A box for some sentences; the draft is kept in the browser until it is handed in."""
    box = forms.Textarea(attrs={"rows": rows, "data-draft": draft})
    return forms.CharField(label=label, required=False, max_length=most, widget=box)


def day(label: Any) -> forms.DateField:
    """A day."""
    return forms.DateField(label=label, required=False, widget=DayInput(), error_messages=WRONG_DAY)


class NoteForm(forms.Form):
    """An internal note."""

    text = words(_("内部备注"), draft="note")


class ConsultForm(forms.Form):
    """会商: the day, the units, what was decided."""

    held_on = day(_("会商日期"))
    units = forms.MultipleChoiceField(
        label=_("参加单位"), required=False, widget=forms.CheckboxSelectMultiple
    )
    decision = words(_("会商结论"), draft="consult")

    def __init__(self, *args: Any, units: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = list(units)  # type: ignore[attr-defined]


class SuperviseForm(forms.Form):
    """督办: why, and until when an answer is wanted."""

    reason = words(_("督办内容"), draft="supervise", most=500)
    due_at = day(_("答复期限"))


class ReasonForm(forms.Form):
    """A reason, and nothing else."""

    reason = words(_("原因"), draft="reason", most=300)


class AccountForm(forms.Form):
    """A proposal to hold a unit to account."""

    reason = words(_("追责建议和事实"), draft="account", most=500)


class ExtendForm(ReasonForm):
    """How much longer, and why."""

    amount = forms.DecimalField(
        label=_("延长多少"), required=False, min_value=0, error_messages={"invalid": _("请填写数字")}
    )
    field_order = ("amount", "reason")


class MergeForm(ReasonForm):
    """Which cases go into this one: ticked among similar ones, or by their numbers."""

    near = forms.MultipleChoiceField(
        label=_("同一处的同类单子"), required=False, widget=forms.CheckboxSelectMultiple
    )
    numbers = forms.CharField(
        label=_("并入这一件的单号"),
        required=False,
        max_length=400,
        help_text=_("可以写几个，用空格或逗号隔开"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    field_order = ("near", "numbers", "reason")

    def __init__(self, *args: Any, near: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = list(near)
        self.fields["near"].choices = wanted  # type: ignore[attr-defined]
        if not wanted:
            del self.fields["near"]

    def found(self) -> list[int]:
        """The numbers ticked and written, each once."""
        ticked = self.cleaned_data.get("near") or ()
        text = " ".join([*ticked, self.cleaned_data.get("numbers", "")])
        return list(dict.fromkeys(int(each) for each in re.findall(r"\d{1,17}", text)))


class LinesForm(forms.Form):
    """What a case is split into: rows of category and words; empty rows are left out."""

    ROWS = 3
    MOST = 10

    def __init__(self, *args: Any, categories: Choices, rows: int = ROWS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = str(self.data.get("rows", "")) if self.is_bound else ""
        wanted = (int(given) if given.isdigit() and len(given) < 4 else 0) + bool(self.data.get("more"))
        self.rows = min(self.MOST, max(rows, wanted))
        choices = [("", _("请选择")), *categories]
        for number in range(self.rows):
            self.fields[f"category_{number}"] = forms.ChoiceField(
                label=_("类别"), required=False, choices=choices
            )
            self.fields[f"detail_{number}"] = words(_("什么事"), draft=f"line-{number}", rows=2)

    def lines(self) -> list[tuple[int, Any, Any]]:
        """(number, category, words) of every row, for showing."""
        return [(n + 1, self[f"category_{n}"], self[f"detail_{n}"]) for n in range(self.rows)]

    def filled_rows(self) -> list[tuple[int, str, str]]:
        """(row, category, words) of the rows somebody wrote in."""
        data = self.cleaned_data
        found = [
            (n, data.get(f"category_{n}", ""), data.get(f"detail_{n}", "").strip()) for n in range(self.rows)
        ]
        return [each for each in found if each[1] or each[2]]


class AnswerForm(forms.Form):
    """The unit's answer to a supervision."""

    answer = words(_("答复内容"), draft="answer")


class DecisionForm(forms.Form):
    """What was decided, and why."""

    decision = words(_("决定和理由"), draft="decision", most=1000)


class AccountDecisionForm(DecisionForm):
    """Does it hold; the document it rests on."""

    holds = forms.ChoiceField(
        label=_("是否追责"),
        choices=[("yes", _("予以追责")), ("no", _("不予追责"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择是否追责")},
    )
    document = forms.CharField(label=_("依据的文件或决定书编号"), required=False, max_length=120)
    field_order = ("holds", "document", "decision")


class AppealForm(forms.Form):
    """The unit's objection."""

    words = words(_("申诉理由"), draft="appeal", most=1000)


class AppealDecisionForm(DecisionForm):
    """Does the decision stay?"""

    upheld = forms.ChoiceField(
        label=_("复核结果"),
        choices=[("yes", _("维持原决定")), ("no", _("撤销原决定"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择复核结果")},
    )
    field_order = ("upheld", "decision")


class RequestForm(forms.Form):
    """Allow or refuse a pause or an extension."""

    allow = forms.ChoiceField(
        label=_("是否同意"),
        choices=[("yes", _("同意")), ("no", _("不同意"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择是否同意")},
    )
    decision = words(_("批复意见"), draft="request", most=300)


class GroupForm(forms.Form):
    """A group: an activity request or a campaign."""

    kind = forms.ChoiceField(
        label=_("哪一种"),
        choices=[("activity", _("办一场活动")), ("campaign", _("专项攻坚"))],
        widget=forms.RadioSelect,
        initial="activity",
    )
    title = forms.CharField(label=_("名称"), required=False, max_length=80)
    plan = words(_("打算怎么办"), draft="group")


class PickGroupForm(GroupForm):
    """Into a group that is there, or a new one."""

    group = forms.ChoiceField(label=_("归入哪一组"), required=False)
    field_order = ("group", "kind", "title", "plan")

    def __init__(self, *args: Any, groups: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [("", _("另建一组")), *groups]  # type: ignore[attr-defined]


class CallBackForm(forms.Form):
    """What a call brought."""

    reached = forms.ChoiceField(
        label=_("电话"),
        choices=[("yes", _("已接通")), ("no", _("未接通"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择电话是否接通")},
    )
    solved = forms.ChoiceField(
        label=_("问题解决了吗"),
        required=False,
        choices=[("yes", _("解决了")), ("partly", _("部分解决")), ("no", _("没有解决"))],
        widget=forms.RadioSelect,
    )
    stars = forms.TypedChoiceField(
        label=_("满意几颗星"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("没有说")), *((str(n), "★" * n) for n in range(5, 0, -1))],
    )
    words = words(_("说了什么"), draft="call", most=500)


class VisitForm(LinesForm):
    """A visit: what kind, where, on which day, for which unit; its findings are the rows."""

    kind = forms.ChoiceField(label=_("走访或巡查"), error_messages={"required": _("请选择走访或巡查的种类")})
    area = forms.ChoiceField(
        label=_("所在村（社区）"), error_messages={"required": _("请选择所在的村（社区）")}
    )
    visited_on = forms.DateField(
        label=_("日期"), widget=DayInput(), error_messages=WRONG_DAY | {"required": _("请填写日期")}
    )
    unit = forms.ChoiceField(label=_("以哪个单位的名义"), required=False)
    words = words(_("走访情况"), draft="visit")

    def __init__(self, *args: Any, kinds: Choices, areas: Choices, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("请选择")), *kinds]  # type: ignore[attr-defined]
        self.fields["area"].choices = [("", _("请选择")), *areas]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", _("本人")), *units]  # type: ignore[attr-defined]


class FilterForm(forms.Form):
    """A name for the filter in use, and whom it is shared with."""

    title = forms.CharField(label=_("名称"), required=False, max_length=40)
    query = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)
    shared_with = forms.ChoiceField(label=_("给谁用"), required=False)

    def __init__(self, *args: Any, units: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shared_with"].choices = [("", _("只给自己")), *units]  # type: ignore[attr-defined]

"""Inputs of the routing page: a case to try, a changed table to compare."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from huakai.kernel.clock import CHINA

Choices = list[tuple[str, str]]
MAX_BYTES = 1_000_000


class TryForm(forms.Form):
    """A case that might come."""

    area = forms.ChoiceField(label=_("哪里的事"), error_messages={"required": _("请选择地方")})
    category = forms.ChoiceField(label=_("类别"), required=False)
    caller = forms.ChoiceField(label=_("来电人"), required=False)
    at = forms.DateTimeField(
        label=_("什么时候"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        error_messages={"invalid": _("时间看不懂，请写成 2026-01-31 18:30")},
    )
    answers = forms.CharField(label=_("回答"), required=False, max_length=2000, widget=forms.Textarea)

    def __init__(self, *args: Any, choices: dict[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("area", "category", "caller"):
            self.fields[name].choices = [("", "—"), *choices[name]]  # type: ignore[attr-defined]

    def clean_at(self) -> datetime | None:
        """The time of day here, whatever zone the server runs in."""
        at: datetime | None = self.cleaned_data["at"]
        return at.replace(tzinfo=CHINA) if at else None

    def clean_answers(self) -> dict[str, str]:
        """One a line: `field=value`."""
        found = {}
        for line in self.cleaned_data["answers"].splitlines():
            name, sign, value = line.partition("=")
            if line.strip() and not (sign and name.strip()):
                raise ValidationError(_("回答每行写一个，如 power=cg001"))
            if line.strip():
                found[name.strip()] = value.strip()
        return found


class ReplayForm(forms.Form):
    """A changed table, pasted or as a file."""

    table = forms.CharField(label=_("改过的规则表（YAML）"), required=False, max_length=MAX_BYTES)
    file = forms.FileField(label=_("或上传文件"), required=False)

    def clean(self) -> dict[str, Any]:
        """The file wins over the text; one of them is needed."""
        upload = self.cleaned_data.get("file")
        text = self.cleaned_data.get("table", "")
        if upload is not None:
            if upload.size > MAX_BYTES:
                raise ValidationError({"file": _("文件超过 1 MB")})
            try:
                text = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                raise ValidationError({"file": _("文件不是 UTF-8 编码")}) from None
        if not text.strip():
            raise ValidationError({"table": _("请粘贴或上传改过的规则表")})
        return {"text": text.replace("\x00", "")}

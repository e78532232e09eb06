"""Input of the phone pages: order sheet, free wish, rating, a move. Shape only; choices are passed in."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huakai.web import wording

MAX_PHOTOS = 3
MAX_PHOTO_BYTES = 10 * 1024 * 1024
NO_TIME = "soon"
"""Code of the time chip “as soon as possible”."""


class PhotosInput(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Up to MAX_PHOTOS photos; what they really are is decided where they are re-encoded."""

    widget = PhotosInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(given) > MAX_PHOTOS:
            raise forms.ValidationError(_("最多上传%(count)s张照片"), params={"count": MAX_PHOTOS})
        if any(one.size > MAX_PHOTO_BYTES for one in given):
            raise forms.ValidationError(_("照片太大了，请换一张10MB以内的"))
        return [super(PhotosField, self).clean(one) for one in given]


def _photos() -> PhotosField:
    return PhotosField(required=False)


class PlaceMixin(forms.Form):
    """Where the help is for, and for whom."""

    area = forms.RegexField(
        r"^\d{6,15}$",
        error_messages={"required": _("请选择所在的村（社区）"), "invalid": _("请选择所在的村（社区）")},
    )
    served_for = forms.ChoiceField(
        choices=[("self", ""), ("parents", ""), ("neighbour", "")],
        error_messages={"required": _("请选择为谁点单"), "invalid_choice": _("请选择为谁点单")},
    )
    name = forms.CharField(
        required=False, max_length=20, error_messages={"max_length": _("名字太长了，请写20个字以内")}
    )
    phone = forms.RegexField(
        r"^1\d{10}$", required=False, strip=True, error_messages={"invalid": _("请写11位手机号")}
    )
    lon = forms.FloatField(required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90)
    photos = _photos()
    client_key = forms.CharField(max_length=64, error_messages={"required": _("页面已过期，请刷新后再提交")})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("served_for") == "self":
            data["name"] = data["phone"] = ""
        elif data.get("name") and not data.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("请写对方的手机号，志愿者好联系；没有就把姓名也留空"))
        elif data.get("phone") and not data.get("name"):
            self.add_error("name", _("请写对方的姓名"))
        if data.get("lon") is None or data.get("lat") is None:
            data["lon"] = data["lat"] = None
        return data


class OrderForm(PlaceMixin):
    """The half-screen sheet: when, for whom, where."""

    when = forms.ChoiceField(
        error_messages={"required": _("请选择时间"), "invalid_choice": _("这个时间来不及安排了，请重新选择")}
    )
    other_at = forms.DateTimeField(
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": _("请按“年-月-日 时:分”填写时间")},
    )
    address = forms.CharField(
        max_length=200,
        error_messages={"required": _("请写上门地址"), "max_length": _("地址太长了，请写200个字以内")},
    )
    note = forms.CharField(
        required=False, max_length=500, error_messages={"max_length": _("说明太长了，请写500个字以内")}
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: "MultiValueDict[str, UploadedFile[Any]] | None" = None,
        *,
        times: Iterable[str],
        earliest: datetime,
        now: datetime,
        **options: Any,
    ) -> None:
        super().__init__(data, files, **options)
        self.fields["when"].choices = [(code, code) for code in (*times, NO_TIME)]  # type: ignore[attr-defined]
        self.earliest, self.now = earliest, now

    def clean_other_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["other_at"]
        if at is not None and at < self.earliest:
            soonest = wording.nice_time(self.earliest, self.now, get_language() or "zh-hans")
            raise forms.ValidationError(_("最早能约到%(time)s，请改晚一些"), params={"time": soonest})
        return at


class WishForm(PlaceMixin):
    """A wish in one's own words."""

    detail = forms.CharField(
        max_length=2000,
        error_messages={
            "required": _("请说说需要什么帮助"),
            "max_length": _("内容太长了，请精简到2000字以内"),
        },
    )
    category = forms.ChoiceField(
        error_messages={"required": _("请选择需求类别"), "invalid_choice": _("请选择需求类别")}
    )
    address = forms.CharField(
        required=False, max_length=200, error_messages={"max_length": _("地址太长了，请写200个字以内")}
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: "MultiValueDict[str, UploadedFile[Any]] | None" = None,
        *,
        categories: Iterable[str],
        **options: Any,
    ) -> None:
        super().__init__(data, files, **options)
        self.fields["category"].choices = [(code, code) for code in categories]  # type: ignore[attr-defined]


class RatingForm(forms.Form):
    """Stars and a few words."""

    stars = forms.TypedChoiceField(
        coerce=int,
        choices=[(n, n) for n in range(1, 6)],
        error_messages={"required": _("请点选一到五颗星"), "invalid_choice": _("请点选一到五颗星")},
    )
    comment = forms.CharField(
        required=False, max_length=500, error_messages={"max_length": _("评语太长了，请写500个字以内")}
    )


class MoveForm(forms.Form):
    """What a move may ask for; what it really needs is decided by the pack."""

    move = forms.CharField(max_length=40)
    reason = forms.CharField(
        required=False, max_length=300, error_messages={"max_length": _("原因太长了，请写300个字以内")}
    )
    result = forms.CharField(
        required=False, max_length=2000, error_messages={"max_length": _("内容太长了，请精简到2000字以内")}
    )
    minutes = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=1440,
        error_messages={
            "invalid": _("请填写服务了多少分钟"),
            "min_value": _("请填写服务了多少分钟"),
            "max_value": _("一次最多1440分钟，请核对"),
        },
    )
    photos = _photos()
    client_key = forms.CharField(max_length=64, required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: "MultiValueDict[str, UploadedFile[Any]] | None" = None,
        *,
        members: Iterable[str] = (),
        **options: Any,
    ) -> None:
        super().__init__(data, files, **options)
        self.members = tuple(members)
        for member in self.members:
            self.fields[f"minutes_{member}"] = forms.IntegerField(
                required=False,
                min_value=0,
                max_value=1440,
                error_messages={
                    "invalid": _("请填写服务了多少分钟"),
                    "max_value": _("一次最多1440分钟，请核对"),
                },
            )

    def served(self) -> dict[str, int]:
        """Minutes per named member, those left empty or at zero not counted."""
        given = {member: self.cleaned_data.get(f"minutes_{member}") for member in self.members}
        return {member: minutes for member, minutes in given.items() if minutes}

"""Makes an uploaded photo harmless: limits, EXIF read then dropped, re-encoded as JPEG."""

import io
import warnings
from datetime import UTC, datetime
from typing import Any

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from huakai.files.types import Picture
from huakai.kernel.clock import CHINA
from huakai.kernel.errors import N_, RuleBroken

MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 60_000_000
LONGEST_SIDE = 1600
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")
"""Two-in-one pictures of phones (MPO) come in through JPEG."""


def harmless(content: bytes) -> Picture:
    """The picture re-encoded; refused in words when it is too large or no picture."""
    if len(content) > MAX_BYTES:
        raise RuleBroken(
            "photo_too_big", N_("照片太大：每张不超过 {mb} MB"), field="photos", mb=MAX_BYTES >> 20
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _reencoded(content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        message = N_("这个文件不是照片，请上传 JPG、PNG 或 WebP")
        raise RuleBroken("photo_unreadable", message, field="photos") from None


def _too_many_pixels() -> RuleBroken:
    return RuleBroken("photo_too_large", N_("照片尺寸太大，请缩小后再上传"), field="photos")


def _reencoded(content: bytes) -> Picture:
    with Image.open(io.BytesIO(content), formats=FORMATS) as check:
        if check.width * check.height > MAX_PIXELS:
            raise _too_many_pixels()
        check.verify()
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        taken_at, lon, lat = _camera_facts(image.getexif())
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(image).convert("RGB")
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        clean = Image.new("RGB", upright.size)
        clean.paste(upright)
        out = io.BytesIO()
        clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Picture(out.getvalue(), clean.width, clean.height, taken_at, lon, lat)


def _camera_facts(exif: Image.Exif) -> tuple[datetime | None, float | None, float | None]:
    try:
        taken_at = _time(exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal))
        lon, lat = _place(exif.get_ifd(ExifTags.IFD.GPSInfo))
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None, None, None
    return taken_at, lon, lat


def _time(text: Any) -> datetime | None:
    """Cameras write local time without a zone."""
    if not isinstance(text, str) or not text.strip("\x00 "):
        return None
    local = datetime.strptime(text.strip("\x00 "), "%Y:%m:%d %H:%M:%S").replace(tzinfo=CHINA)
    return local.astimezone(UTC)


def _place(gps: dict[int, Any]) -> tuple[float | None, float | None]:
    if ExifTags.GPS.GPSLatitude not in gps or ExifTags.GPS.GPSLongitude not in gps:
        return None, None
    lat = _degrees(gps[ExifTags.GPS.GPSLatitude], gps.get(ExifTags.GPS.GPSLatitudeRef) == "S")
    lon = _degrees(gps[ExifTags.GPS.GPSLongitude], gps.get(ExifTags.GPS.GPSLongitudeRef) == "W")
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None, None
    return lon, lat


def _degrees(parts: Any, negative: bool) -> float:
    degrees, minutes, seconds = (float(p) for p in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return round(-value if negative else value, 6)

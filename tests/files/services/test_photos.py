"""Photos become harmless: stripped, small, private, and never larger than the machine can bear."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client
from PIL import ExifTags, Image
from pytest_django import Settings

from huakai.files import queries, services
from huakai.files.models import Photo
from huakai.kernel.errors import RuleBroken
from huakai.registry.types import SYSTEM
from tests import cast as people
from tests.cast import Cast


@pytest.fixture(autouse=True)
def files_root(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    settings.FILES_ROOT = tmp_path
    services.register_owner("test", lambda actor, subject: actor.may("case.view", subject))
    yield tmp_path
    del queries.OWNERS["test"]


def _jpeg(size: tuple[int, int] = (2400, 1200), *, gps: bool = True, orientation: int = 1) -> bytes:
    image = Image.new("RGB", size, "green")
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Secret Camera"
    exif[ExifTags.Base.Orientation] = orientation
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:03:10 09:30:00"
    if gps:
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (34.0, 51.0, 36.0)
        place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "E", (117.0, 33.0, 0.0)
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def _add(content: bytes, now: datetime) -> UUID:
    return services.add_photo(
        content=content,
        subject_kind="test",
        subject_id=people.COMMUNITY,
        area_code=people.COMMUNITY,
        by=SYSTEM,
        now=now,
    )


def test_time_and_place_are_read_and_then_gone(cast: Cast, now: datetime, files_root: Path) -> None:
    photo = Photo.objects.get(pk=_add(_jpeg(), now))
    assert photo.taken_at == datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
    assert (photo.lon, photo.lat) == (117.55, 34.86)
    assert (photo.width, photo.height) == (1600, 800)
    path = queries.path_of(photo.name)
    assert path.stat().st_mode & 0o777 == 0o600
    with Image.open(path) as kept:
        assert not kept.getexif()
        assert b"Secret Camera" not in path.read_bytes()


def test_a_turned_photo_stands_upright(cast: Cast, now: datetime) -> None:
    photo = Photo.objects.get(pk=_add(_jpeg((800, 400), gps=False, orientation=6), now))
    assert (photo.width, photo.height, photo.lon) == (400, 800, None)


def test_png_with_transparency_becomes_jpeg() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(out, "PNG")
    assert services.harmless(out.getvalue()).content[:2] == b"\xff\xd8"


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + b"\0" * 20]
)
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    with pytest.raises(RuleBroken, match="不是照片"):
        services.harmless(content)


def test_a_cut_off_photo_is_refused() -> None:
    with pytest.raises(RuleBroken, match="不是照片"):
        services.harmless(_jpeg()[:2000])


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert len(out.getvalue()) < 1_000_000
    with pytest.raises(RuleBroken, match="尺寸太大"):
        services.harmless(out.getvalue())


def test_pixels_are_counted_before_pillow_would_worry() -> None:
    out = io.BytesIO()
    Image.new("1", (8000, 8000)).save(out, "PNG")
    with pytest.raises(RuleBroken, match="尺寸太大"):
        services.harmless(out.getvalue())


@pytest.mark.parametrize(
    ("tag", "value", "place"),
    [
        ("N", (134.0, 0.0, 0.0), (None, None)),
        ("S", (34.0, 30.0, 0.0), (117.0, -34.5)),
        ("N", (34.0,), (None, None)),
    ],
)
def test_a_place_that_is_none_is_dropped(
    tag: str, value: tuple[float, ...], place: tuple[float | None, float | None]
) -> None:
    exif = Image.Exif()
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = tag, value
    gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", (117.0, 0.0, 0.0)
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif)
    picture = services.harmless(out.getvalue())
    assert (picture.lon, picture.lat) == place


def test_a_file_with_too_many_bytes_is_refused() -> None:
    with pytest.raises(RuleBroken, match="12 MB"):
        services.harmless(b"\xff" * (12 * 1024 * 1024 + 1))


def test_a_photo_is_shown_to_those_who_may_see_its_subject_only(
    cast: Cast, client: Client, client_of: object, now: datetime
) -> None:
    address = f"/photos/{_add(_jpeg(), now)}.jpg"
    assert callable(client_of)
    seen = client_of("station_staff").get(address)
    assert seen.status_code == 200
    assert seen["Cache-Control"] == "private, max-age=300"
    assert b"".join(seen.streaming_content)[:2] == b"\xff\xd8"
    again = client_of("station_staff").get(address, headers={"If-None-Match": seen["ETag"]})
    assert again.status_code == 304
    for role in ("neighbour_staff", "stranger", "admin"):
        assert client_of(role).get(address).status_code == 404
    assert client.get(address).status_code == 404


def test_a_photo_without_an_owner_or_bytes_is_not_there(cast: Cast, client_of: object, now: datetime) -> None:
    photo = Photo.objects.get(pk=_add(_jpeg(), now))
    assert callable(client_of)
    Photo.objects.filter(pk=photo.pk).update(subject_kind="nobody")
    assert client_of("station_staff").get(f"/photos/{photo.pk}.jpg").status_code == 404
    Photo.objects.filter(pk=photo.pk).update(subject_kind="test")
    queries.path_of(photo.name).unlink()
    assert client_of("station_staff").get(f"/photos/{photo.pk}.jpg").status_code == 404
    assert queries.photo_ids("test", people.COMMUNITY) == (photo.pk,)

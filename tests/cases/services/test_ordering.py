"""An order or a move with its photos is one act: all of it or nothing, once per key."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import pytest
from PIL import Image

from huakai.cases import services
from huakai.cases.models import Case
from huakai.cases.types import Helped, MoveInput, Taker, TakerKind
from huakai.files.models import Photo
from huakai.kernel.errors import RuleBroken
from huakai.registry.models import Person
from huakai.registry.types import Actor
from tests.cast import Cast
from tests.factories.cases import move, open_one, order

Who = Callable[[str], Actor]


@pytest.fixture
def picture() -> bytes:
    content = BytesIO()
    Image.new("RGB", (20, 20), "teal").save(content, "PNG")
    return content.getvalue()


def test_one_bad_photo_leaves_no_order(actor: Who, now: datetime, picture: bytes) -> None:
    with pytest.raises(RuleBroken, match="不是照片"):
        services.open_order(order=order(), photos=[picture, b"nonsense"], by=actor("resident"), now=now)
    assert not Case.objects.exists()
    assert not Photo.objects.exists()


def test_a_retry_is_the_same_order_with_the_same_photos(actor: Who, now: datetime, picture: bytes) -> None:
    refs = [
        services.open_order(order=order("tap"), photos=[picture], by=actor("resident"), now=now)
        for _ in range(2)
    ]
    assert [ref.created for ref in refs] == [True, False]
    assert refs[0].id == refs[1].id
    assert Photo.objects.count() == 1


def test_an_elder_who_is_new_becomes_a_person_and_the_one_who_is_helped(actor: Who, now: datetime) -> None:
    known = Person.objects.count()
    helped = Helped("李奶奶", "19900007777")
    for key in ("a", "b"):
        services.open_order(order=order(key), helped=helped, by=actor("resident"), now=now)
    assert Person.objects.count() == known + 1
    requesters = set(Case.objects.values_list("requester_id", flat=True))
    assert len(requesters) == 1
    assert actor("resident").person_id not in requesters


def test_a_refused_finish_keeps_no_photo(cast: Cast, actor: Who, now: datetime, picture: bytes) -> None:
    case_id = open_one(actor("resident"), now)
    volunteer = Taker(TakerKind.PERSON, cast["volunteer"].person_id)
    move(case_id, "offer", actor("street_staff"), now, taker=volunteer)
    move(case_id, "accept", actor("volunteer"), now)

    def finish(result: str, photos: list[bytes]) -> None:
        services.move_with_photos(
            case_id=case_id,
            move="finish",
            given=MoveInput(result=result, minutes=30),
            photos=photos,
            by=actor("volunteer"),
            now=now,
            client_key="f",
        )

    with pytest.raises(RuleBroken, match="办理结果"):
        finish("", [picture])
    with pytest.raises(RuleBroken, match="不是照片"):
        finish("修好了", [b"nonsense"])
    assert Case.objects.get().status == "open"
    assert not Photo.objects.exists()
    finish("修好了", [picture])
    finish("修好了", [picture])
    assert Case.objects.get().photo_count == Photo.objects.count() == 1

"""One of each thing, so that every address with a parameter can be asked."""

import io
from collections.abc import Callable

from PIL import Image

from huakai.cases import services as cases
from huakai.cases.types import NewOrder
from huakai.packs import queries as packs
from huakai.registry.types import Actor
from tests import cast as people
from tests.cast import Cast


def make_samples(cast: Cast, actor: Callable[[str], Actor]) -> dict[str, str]:
    """Parameter → value. `family.parameter` wins where a name means different things."""
    order = NewOrder(
        client_key="sample",
        flow="",
        area_code=people.COMMUNITY,
        service="appliance_repair",
        detail="电饭锅坏了",
    )
    case = cases.open_case(order=order, by=actor("resident"), now=people.NOW)
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(picture, "JPEG")
    photo = cases.add_photo(case_id=case.id, content=picture.getvalue(), by=actor("resident"), now=people.NOW)
    edition = packs.current("shizhong")
    return {
        "case_id": str(case.id),
        "photo_id": str(photo),
        "number": str(case.number),
        "code": people.COMMUNITY,
        "unit_code": people.COMMUNITY,
        "person_id": str(cast["resident"].person_id),
        "account_id": str(cast["resident"].account_id),
        "team_id": str(cast.team_id),
        "edition_id": str(edition.id),
        "before_id": str(edition.id),
        "pack_code": "shizhong",
        "kind": "units",
        "service": "haircut",
        "order.code": "haircut",
        "category": "road",
    }

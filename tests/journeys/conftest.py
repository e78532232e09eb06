"""What journeys through other places may ask for."""

from collections.abc import Callable, Iterator

import pytest

from huakai.packs import queries as packs
from huakai.packs.types import EditionView
from tests.factories import places
from tests.factories.places import Place


@pytest.fixture
def place_of(shizhong: EditionView) -> Iterator[Callable[[str], Place]]:
    """`place_of("tengzhou")`: the place beside the first one, with its units."""
    yield places.set_up
    packs.forget_current()

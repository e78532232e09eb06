"""Pictures of flows: every shipped flow is drawn with no label or line upon another's place."""

import itertools

import pytest

from huakai.cases.definitions import Flow
from huakai.cases.pages.desk import drawing
from tests.factories.cases import flow_file, shipped_flows


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize("flow", [flow for _path, flow in shipped_flows()], ids=lambda flow: flow.code)
def test_every_shipped_flow_is_drawn_readably(flow: Flow, lang: str) -> None:
    picture = drawing.drawn(flow, lang)
    assert [box.title for box in picture.boxes] == [
        stage.title if lang == "zh-hans" else stage.title_en for stage in flow.stages
    ]
    moves = {(stage.code, move.to) for stage in flow.stages for move in stage.moves}
    assert len(picture.arrows) == len(moves)
    for above, below in itertools.pairwise(picture.boxes):
        assert above.y + above.height < below.y
    places = [(arrow.y, arrow.anchor) for arrow in picture.arrows]
    assert len(places) == len(set(places))
    for arrow in picture.arrows:
        width = drawing._width(arrow.label)
        left = arrow.x if arrow.anchor == "start" else arrow.x - width
        assert left >= 0
        assert left + width <= picture.width
        assert 0 < arrow.y < picture.height


def test_moves_between_the_same_two_stages_share_an_arrow() -> None:
    picture = drawing.drawn(Flow.model_validate(flow_file("volunteer_order")), "zh-hans")
    assert "不接 / 超时未接 / 收回派单" in [arrow.label for arrow in picture.arrows]

"""Shapes of a board template that cannot be: the file is refused before anybody ranks by it."""

from typing import Any

import pytest
from pydantic import ValidationError

from huakai.evaluation.definitions import Board
from tests.factories.evaluation import three_compare


def _ranking(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = data["sections"][0]["items"][1]["ranking"]
    return found


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: _ranking(d)["method"]["direction"].update(target="5"), "a target belongs to"),
        (lambda d: _ranking(d)["method"]["direction"].update(better="target"), "a target belongs to"),
        (lambda d: _ranking(d)["method"].pop("direction"), "direction"),
        (lambda d: _ranking(d)["method"]["components"][0].update(best=None), "come together"),
        (lambda d: _ranking(d)["method"]["components"][0].update(best="0"), "come together"),
        (lambda d: d["sections"][0]["items"][1].update(ranking=None), "either `ranking` or `sub_items`"),
        (lambda d: _ranking(d)["red"].update(cut="best_looking"), "best_looking"),
        (lambda d: _ranking(d).update(colour="green"), "colour"),
        (lambda d: _ranking(d).update(units=["../etc"]), "units"),
    ],
)
def test_a_template_of_the_wrong_shape_is_refused(change: Any, words: str) -> None:
    data = three_compare().model_dump(mode="json")
    change(data)
    with pytest.raises(ValidationError, match=words):
        Board.model_validate(data)

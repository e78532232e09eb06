"""What a pack says about words that questions are cut into."""

from typing import Annotated

from pydantic import Field, StringConstraints

from huakai.packs.definitions import PackModel

Word = Annotated[str, StringConstraints(pattern=r"^[\u3007\u3400-\u9fff0-9a-z]{2,20}$")]


class SearchWords(PackModel):
    """`search/<code>.yaml`: all files of the section are read together, so a place adds a file of its own."""

    words: Annotated[tuple[Word, ...], Field(max_length=5000)] = ()
    """Words the general dictionary does not know or would cut: 网格员, 违建. Lower case."""
    left_out: Annotated[
        tuple[Annotated[str, StringConstraints(pattern=r"^[\u3400-\u9fff]{1,4}$")], ...],
        Field(max_length=200),
    ] = ()
    """Words that are not asked for when the question has others: 的, 了."""

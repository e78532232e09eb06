"""What a pack says about worth: the tariff."""

from typing import Annotated

from pydantic import Field, StringConstraints

from huakai.packs.definitions import PackModel, Part


class TariffItem(Part):
    """Worth of one kind of deed. Earning rules need not be hours (row TJ-14), so both rates may be zero."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
    title: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    title_en: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    minutes_per_minute: Annotated[int, Field(ge=0, le=1)]
    points_per_hour: Annotated[int, Field(ge=0, le=1000)]


class Tariff(PackModel):
    """The tariff of a place."""

    items: Annotated[tuple[TariffItem, ...], Field(min_length=1)]

    def item(self, code: str) -> TariffItem:
        """The item of that code; KeyError when the pack has none."""
        for item in self.items:
            if item.code == code:
                return item
        raise KeyError(code)

"""Sections are registered once, a single file may have a model of its own."""

import pytest

from huakai.packs import registry
from huakai.packs.definitions import CalendarHours, CalendarYear, PackManifest


def test_a_file_of_its_own_goes_before_its_section() -> None:
    years, hours = registry.section_of("calendar", "2026"), registry.section_of("calendar", "hours")
    assert years is not None
    assert hours is not None
    assert (years.model, hours.model) == (CalendarYear, CalendarHours)
    assert registry.section_of("nowhere", "x") is None


def test_a_section_cannot_be_taken_over() -> None:
    registry.register("pack", PackManifest)
    with pytest.raises(ValueError, match="twice"):
        registry.register("pack", CalendarYear)

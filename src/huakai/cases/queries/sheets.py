"""What sheets and lists of the desk read beside the case itself."""

from datetime import date, datetime

from huakai.kernel.calendar import next_close_of_business
from huakai.kernel.clock import CHINA
from huakai.packs import queries as packs


def office_end(pack_code: str, day: date) -> datetime:
    """The end of the office day of a date; of the next working day when that one is off."""
    calendar = packs.work_calendar(packs.current(pack_code))
    return next_close_of_business(datetime(day.year, day.month, day.day, tzinfo=CHINA), calendar).at

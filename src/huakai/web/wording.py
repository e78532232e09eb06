"""Times, spans and numbers as people say them, in both languages: pure functions of value and now."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from huakai.kernel.clock import CHINA

EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SOON = timedelta(hours=1)


def nice_time(value: datetime, now: datetime, language: str = "zh-hans") -> str:
    """今天 15:00 / 11月20日 15:00 / 2026年11月20日, in the zone of the reader."""
    there, here = value.astimezone(CHINA), now.astimezone(CHINA)
    clock = f"{there:%H:%M}"
    near = _near_day((there.date() - here.date()).days, language)
    if near:
        return f"{near} {clock}"
    if there.year == here.year:
        return f"{nice_day(there.date(), here.date(), language)} {clock}"
    return nice_day(there.date(), here.date(), language)


def nice_day(value: date, today: date, language: str = "zh-hans") -> str:
    """11月20日, with the year when it is not this one."""
    if language.startswith("zh"):
        text = f"{value.month}月{value.day}日"
        return text if value.year == today.year else f"{value.year}年{text}"
    text = f"{value.day} {EN_MONTHS[value.month - 1]}"
    return text if value.year == today.year else f"{text} {value.year}"


def _near_day(days: int, language: str) -> str:
    words = {"zh": {-1: "昨天", 0: "今天", 1: "明天"}, "en": {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}}
    return words["zh" if language.startswith("zh") else "en"].get(days, "")


def span_words(span: timedelta, language: str = "zh-hans") -> str:
    """1天5小时 / 1小时20分 / 35分钟: the two largest measures, nothing finer than a minute."""
    minutes = int(span.total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    if language.startswith("zh"):
        return _span_zh(days, hours, left)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {left} min" if left else f"{hours} h"
    return f"{left} min"


def _span_zh(days: int, hours: int, minutes: int) -> str:
    if days:
        return f"{days}天{hours}小时" if hours else f"{days}天"
    if hours:
        return f"{hours}小时{minutes}分" if minutes else f"{hours}小时"
    return f"{minutes}分钟"


def due_words(due_at: datetime, now: datetime, language: str = "zh-hans") -> str:
    """剩 35分钟 before the deadline, 超 1小时20分 after it."""
    late = now >= due_at
    words = span_words(now - due_at if late else due_at - now, language)
    if language.startswith("zh"):
        return f"超 {words}" if late else f"剩 {words}"
    return f"{words} over" if late else f"{words} left"


def due_tone(due_at: datetime, now: datetime) -> str:
    """`late`, `soon` (within the hour) or `calm`: chooses icon and colour beside the words."""
    if now >= due_at:
        return "late"
    return "soon" if due_at - now <= SOON else "calm"


def number(value: object) -> str:
    """3,482; decimals stay as they are; missing is a dash, never a zero."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return str(value)
    return f"{value:,}"

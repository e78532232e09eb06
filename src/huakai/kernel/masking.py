"""What everybody may see of a personal field (PIPL art. 51; JR/T 0171 habits): pure text functions."""


def mask_name(name: str, honorific: str = "") -> str:
    """`王秀英`, `女士` → `王女士`; without an honorific `王**`. Compound surnames keep two characters."""
    name = name.strip()
    if not name:
        return ""
    surname = name[:2] if len(name) >= 3 and name[:2] in COMPOUND_SURNAMES else name[:1]
    if honorific:
        return surname + honorific
    return surname + "*" * max(1, len(name) - len(surname))


def mask_phone(phone: str) -> str:
    """`13912345678` → `139****5678`; short numbers keep the last two digits."""
    if len(phone) >= 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * max(0, len(phone) - 2) + phone[-2:]


def mask_idno(idno: str) -> str:
    """`370402199001011234` → `3704**********1234`."""
    if len(idno) < 9:
        return "*" * len(idno)
    return idno[:4] + "*" * (len(idno) - 8) + idno[-4:]


COMPOUND_SURNAMES = frozenset(
    """
    欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠
    公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 令狐
    """.split()  # noqa: SIM905 - a list of names reads best as text
)

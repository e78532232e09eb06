"""The words a place uses: kinds, groups, skills, taxonomies. All files of `registry/` together."""

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from django.utils.translation import gettext as _

from huakai.packs import queries as packs
from huakai.packs.types import say
from huakai.registry.definitions import RegistryBook, Role, RoleBook, Taxonomy, Term


@lru_cache(maxsize=64)
def _merged(edition_id: UUID, pack_code: str) -> RegistryBook:
    books = [b for b in packs.edition(edition_id).all("registry").values() if isinstance(b, RegistryBook)]
    parts = [
        name
        for name in RegistryBook.model_fields
        if name not in ("schema_version", "code", "title", "title_en")
    ]
    merged = {part: tuple(x for book in books for x in getattr(book, part)) for part in parts}
    return RegistryBook(schema_version=1, code=pack_code, title=pack_code, title_en=pack_code, **merged)


def vocabulary(pack_code: str) -> RegistryBook:
    """Every vocabulary of the place as one book."""
    view = packs.current(pack_code)
    return _merged(view.id, pack_code)


def title_in(terms: Iterable[Term], code: str, language: str) -> str:
    """The reader's word for a code; the code itself when the pack no longer knows it."""
    for term in terms:
        if term.code == code:
            return term.title if language.startswith("zh") else term.title_en
    return code


def choices_of(terms: Iterable[Term], language: str) -> list[tuple[str, str]]:
    """Code and title, for a form."""
    return [(t.code, t.title if language.startswith("zh") else t.title_en) for t in terms]


def taxonomy(pack_code: str, code: str) -> Taxonomy | None:
    """A set of tags by code (`flowers`)."""
    return next((t for t in vocabulary(pack_code).taxonomies if t.code == code), None)


def tag_titles(pack_code: str, language: str) -> dict[str, str]:
    """Every tag of the place's taxonomies as people read it (`花名·为谁`)."""
    zh = language.startswith("zh")
    return {
        term.code: "·".join(
            filter(None, (term.title if zh else term.title_en, term.target if zh else term.target_en))
        )
        for taxonomy in vocabulary(pack_code).taxonomies
        for term in taxonomy.terms
    }


def vocabulary_at(unit_code: str) -> RegistryBook:
    """The vocabulary of the place a unit code belongs to."""
    return vocabulary(packs.pack_of(unit_code))


def role_titles(pack_code: str, language: str) -> dict[str, str]:
    """Role → what people call it."""
    return dict(choices_of(_roles(pack_code), language))


def appointable_roles(pack_code: str, language: str) -> list[tuple[str, str]]:
    """Roles one is appointed to."""
    return choices_of((r for r in _roles(pack_code) if r.held_by == "appointment"), language)


def _roles(pack_code: str) -> tuple[Role, ...]:
    book = packs.current(pack_code).one("roles")
    assert isinstance(book, RoleBook)
    return book.roles


def place_title(pack_code: str, language: str) -> str:
    """The name of the place, as its pack gives it; the platform's own while nothing is published."""
    if not pack_code:
        return _("文明实践")
    return say(packs.current(pack_code), "title", language)


def first_posts(unit_code: str) -> tuple[str, ...]:
    """Codes of the posts whose holder answers for a unit's cases (第一责任人), by the pack of the place."""
    return tuple(kind.code for kind in vocabulary_at(unit_code).post_kinds if kind.first_responsible)

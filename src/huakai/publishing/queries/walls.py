"""Reads for walls: the screen behind a token, the board as scenes, the live counters."""

import hashlib
from datetime import datetime
from uuid import UUID

from huakai.cases import queries as cases
from huakai.evaluation import queries as evaluation
from huakai.kernel.errors import N_, NotFound
from huakai.packs import queries as packs
from huakai.packs.types import say
from huakai.publishing.definitions import BoardShow, LiveShow, Wall
from huakai.publishing.models import Screen
from huakai.publishing.rules import walls as rules
from huakai.publishing.types import BoardWall, LiveTile, LiveWall, ScreenRow
from huakai.registry import queries as registry
from huakai.registry.access import scope_q
from huakai.registry.types import Actor

SECTION = "publishing"


def hash_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def row_of(screen: Screen) -> ScreenRow:
    """A screen for a list."""
    return ScreenRow(
        screen.pk,
        screen.label,
        screen.kind,
        screen.wall,
        screen.area_code,
        screen.created_at,
        screen.revoked_at,
    )


def screens(actor: Actor) -> list[ScreenRow]:
    """The screens the actor manages, newest first."""
    rows = Screen.objects.filter(scope_q(actor, "screen.manage")).order_by("-created_at", "-pk")
    return [row_of(screen) for screen in rows]


def walls_of(pack_code: str) -> dict[str, Wall]:
    """The walls a place's pack describes."""
    return packs.current(pack_code).all(SECTION)


def screen_of(token: str, kind: str = "") -> Screen:
    """The screen of a token; an unknown, revoked or other kind of token shows nothing."""
    screen = Screen.objects.filter(token_hash=hash_of(token), revoked_at=None).first()
    if screen is None or (kind and screen.kind != kind):
        raise NotFound("no_screen", N_("这个大屏地址已停用或不存在，请向管理员索取新的地址"))
    return screen


def is_live(screen_id: UUID) -> bool:
    """Has the screen not been revoked?"""
    return Screen.objects.filter(pk=screen_id, revoked_at=None).exists()


def live_screens() -> frozenset[UUID]:
    """Every screen that has not been revoked."""
    return frozenset(Screen.objects.filter(revoked_at=None).values_list("pk", flat=True))


def _wall(screen: Screen) -> Wall:
    wall: Wall = packs.current(screen.pack_code).get(SECTION, screen.wall)
    return wall


def board_wall(screen: Screen, language: str) -> BoardWall | None:
    """The newest published issue as scenes; None before the first is published."""
    show = _wall(screen).show
    assert isinstance(show, BoardShow)
    newest = evaluation.newest_published(show.board, screen.area_code)
    if newest is None:
        return None
    view = evaluation.wall_board(newest.id, language)
    return rules.board_wall(view, evaluation.listings(view), show)


def figures(area_code: str, *, now: datetime) -> dict[str, str]:
    """The live counters of an area, as text."""
    counted = cases.live_counts(area_code, now=now)
    return rules.figures_of(counted.values, counted.rate)


def live_wall(screen: Screen, language: str, *, now: datetime) -> LiveWall:
    """The live counters as first painted."""
    wall = _wall(screen)
    show = wall.show
    assert isinstance(show, LiveShow)
    counted = figures(screen.area_code, now=now)
    area = registry.unit_by_code(screen.area_code)
    tiles = tuple(
        LiveTile(c.key, say(c, "title", language), say(c, "measure", language), counted.get(c.key, "–"))
        for c in show.counters
    )
    return LiveWall(say(wall, "title", language), area.name if area else "", tiles, show.seconds)


def tick_of(screen: Screen) -> int:
    """Seconds between two looks at the records."""
    show = _wall(screen).show
    return show.seconds if isinstance(show, LiveShow) else 15

"""A flow as boxes and arrows: pure layout from the pack's words to coordinates; the template prints the SVG.

Stages stand in one column in the pack's order. A move to the next stage is a straight arrow down; every other
move leaves its box at a slot of its own, runs in a lane (forward right, back left) and enters the other box at a
slot of its own, so that no two labels or lines lie upon each other.
"""

from dataclasses import dataclass, field

from huakai.cases.definitions import Flow
from huakai.packs.types import say

BOX_WIDTH = 220
SLOT = 26
GAP = 52
LANE = 18
MARGIN = 12
WIDE, NARROW = 14, 7.6
"""Width of a Chinese and of a Latin letter in the label's size."""


@dataclass(frozen=True)
class Box:
    """A stage: rectangle and words; `tone` chooses the class."""

    x: int
    y: int
    width: int
    height: int
    title: str
    tone: str

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def text_y(self) -> int:
        return self.y + self.height // 2 + 5


@dataclass(frozen=True)
class Arrow:
    """A line of one or more moves: path, label and where the label starts (`anchor` start or end)."""

    path: str
    label: str
    x: int
    y: int
    anchor: str


@dataclass(frozen=True)
class Drawing:
    """Everything the template needs, in whole pixels."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True)
class _Edge:
    start: int
    end: int
    label: str

    @property
    def is_straight(self) -> bool:
        return self.end == self.start + 1

    @property
    def side(self) -> str:
        return "left" if self.end < self.start else "right"


@dataclass
class _Slots:
    """Where lines leave and enter a box, per side, from top to bottom."""

    left: list[tuple[_Edge, str]] = field(default_factory=list)
    right: list[tuple[_Edge, str]] = field(default_factory=list)

    @property
    def count(self) -> int:
        return max(len(self.left), len(self.right), 1)


def drawn(flow: Flow, lang: str) -> Drawing:
    """The picture of a flow in the reader's language."""
    edges = _edges(flow, lang)
    slots = _slots(edges, len(flow.stages))
    lanes = {
        side: _lanes([e for e in edges if not e.is_straight and e.side == side]) for side in ("left", "right")
    }
    room = {side: _label_room(edges, side) for side in ("left", "right")}
    left = MARGIN + (
        LANE * (1 + max(lanes["left"].values(), default=-1)) + room["left"] if lanes["left"] else 0
    )
    boxes = _boxes(flow, lang, slots, left)
    right = left + BOX_WIDTH + room["right"] + LANE * (1 + max(lanes["right"].values(), default=0))
    arrows = [_straight(e, boxes) for e in edges if e.is_straight]
    for edge in edges:
        if not edge.is_straight:
            reach = room[edge.side] + LANE * lanes[edge.side][edge]
            arrows.append(_bent(edge, boxes, slots, reach))
    bottom = boxes[-1].y + boxes[-1].height + MARGIN
    said = max((arrow.x + _width(arrow.label) for arrow in arrows if arrow.anchor == "start"), default=0)
    return Drawing(max(right, said) + MARGIN, bottom, tuple(boxes), tuple(arrows))


def _edges(flow: Flow, lang: str) -> list[_Edge]:
    """One edge per pair of stages; several moves between the same two share it."""
    at = {stage.code: number for number, stage in enumerate(flow.stages)}
    labels: dict[tuple[int, int], list[str]] = {}
    for stage in flow.stages:
        for move in stage.moves:
            labels.setdefault((at[stage.code], at[move.to]), []).append(say(move, "title", lang))
    return [_Edge(start, end, " / ".join(names)) for (start, end), names in labels.items()]


def _slots(edges: list[_Edge], stages: int) -> list[_Slots]:
    slots = [_Slots() for _ in range(stages)]
    for edge in edges:
        if not edge.is_straight:
            getattr(slots[edge.start], edge.side).append((edge, "out"))
            getattr(slots[edge.end], edge.side).append((edge, "in"))
    return slots


def _lanes(edges: list[_Edge]) -> dict[_Edge, int]:
    """Each edge its lane: short ones inside, and never two in one lane over the same stretch."""
    taken: list[list[tuple[int, int]]] = []
    lanes: dict[_Edge, int] = {}
    for edge in sorted(edges, key=lambda e: (abs(e.end - e.start), e.start, e.end)):
        low, high = sorted((edge.start, edge.end))
        lane = next(
            (n for n, spans in enumerate(taken) if all(high < a or b < low for a, b in spans)), len(taken)
        )
        if lane == len(taken):
            taken.append([])
        taken[lane].append((low, high))
        lanes[edge] = lane
    return lanes


def _label_room(edges: list[_Edge], side: str) -> int:
    """Space beside the boxes for the longest label on that side."""
    widths = [_width(e.label) for e in edges if not e.is_straight and e.side == side]
    return max(widths, default=0) + 28


def _width(text: str) -> int:
    return round(sum(WIDE if ord(letter) > 0x2E80 else NARROW for letter in text))


def _boxes(flow: Flow, lang: str, slots: list[_Slots], left: int) -> list[Box]:
    boxes, y = [], MARGIN
    for stage, ports in zip(flow.stages, slots, strict=True):
        height = max(44, ports.count * SLOT + 8)
        boxes.append(Box(left, y, BOX_WIDTH, height, say(stage, "title", lang), stage.tone))
        y += height + GAP
    return boxes


def _straight(edge: _Edge, boxes: list[Box]) -> Arrow:
    start, end = boxes[edge.start], boxes[edge.end]
    top = start.y + start.height
    path = f"M{start.middle} {top}V{end.y}"
    return Arrow(path, edge.label, start.middle + 10, top + GAP // 2 + 4, "start")


def _bent(edge: _Edge, boxes: list[Box], slots: list[_Slots], reach: int) -> Arrow:
    sign = 1 if edge.side == "right" else -1
    start = boxes[edge.start]
    border = start.x + (start.width if sign == 1 else 0)
    leave, enter = _port(edge, "out", boxes, slots), _port(edge, "in", boxes, slots)
    lane = border + sign * reach
    path = f"M{border} {leave}H{lane}V{enter}H{border}"
    return Arrow(path, edge.label, border + sign * 8, leave - 5, "start" if sign == 1 else "end")


def _port(edge: _Edge, way: str, boxes: list[Box], slots: list[_Slots]) -> int:
    """Height at which the edge touches its box."""
    number = edge.start if way == "out" else edge.end
    ports: list[tuple[_Edge, str]] = getattr(slots[number], edge.side)
    return boxes[number].y + SLOT * ports.index((edge, way)) + SLOT // 2 + 8

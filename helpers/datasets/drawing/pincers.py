"""Pincers: six types of pliers, from needle-nose pliers to nippers."""

from dataclasses import dataclass

import numpy as np

from helpers.datasets.drawing.chance import Ranges, chance, pick, sample
from helpers.datasets.drawing.geometry import along, ellipse, spline, stroke
from helpers.datasets.drawing.parts import Part, Tool, opening_angle

__all__ = ["TYPES", "design"]

MIDDLE = 0.004  # where the jaws meet: a hair's breadth over the middle

COMMON: Ranges = {
    "shoulder": (0.75, 0.95),  # width of the jaw half-way
    "joint": (0.12, 0.15),  # radius, and how much higher than wide
    "joint_shape": (0.95, 1.15),
    "flare": (1.0, 1.5),  # widths of the grip where it begins and ends
    "end": (0.85, 1.1),
    "thickness": (1.25, 1.7),  # the grip's, of that of the handle
    "start": (0.3, 0.45),  # where on the handle the grip begins
    "handle_width": (0.085, 0.11),
    "handle": (0.95, 1.15),
    "spread": (0.17, 0.27),  # how far the handles are apart, next to the pivot ...
    "bow": (0.9, 1.1),  # ... further down
    "close": (0.55, 1.0),  # ... and at their ends
}


@dataclass(frozen=True)
class Type:
    """The ranges of the measures of one type, and how often it is what.

    `length` and `width` measure the jaw, `tip` its width at the end, `hollow` the hole for pipes,
    `radius` the round jaw of nippers. `notches` are the least and the largest number.
    """

    weight: int
    ranges: Ranges
    notches: tuple[int, int] = (0, 0)
    gripped: float = 0.75


TYPES = {
    "combination": Type(
        weight=2,
        ranges={
            "length": (0.42, 0.55), "width": (0.15, 0.19), "tip": (0.09, 0.13),
            "hollow": (0.03, 0.05),
        },
        notches=(6, 9),
    ),
    "needle-nose": Type(
        weight=2,
        ranges={
            "length": (0.65, 0.95), "width": (0.13, 0.16), "tip": (0.025, 0.045),
            "shoulder": (0.5, 0.6),
        },
        notches=(0, 15),
    ),
    "diagonal": Type(
        weight=1,
        ranges={
            "length": (0.28, 0.38), "width": (0.16, 0.2), "tip": (0.02, 0.04),
            "shoulder": (0.75, 0.9), "handle": (0.9, 1.1),
        },
    ),
    "slip-joint": Type(
        weight=1,
        ranges={
            "length": (0.45, 0.55), "width": (0.15, 0.18), "tip": (0.07, 0.1),
            "shoulder": (0.8, 0.95), "handle": (1.0, 1.2),
        },
        notches=(6, 9),
    ),
    "flat-nose": Type(
        weight=1,
        ranges={"length": (0.45, 0.6), "width": (0.13, 0.16), "tip": (0.07, 0.09)},
        notches=(0, 9),
    ),
    "nippers": Type(
        weight=2,
        ranges={
            "radius": (0.2, 0.27), "handle_width": (0.06, 0.08), "handle": (1.0, 1.3),
            "joint": (0.1, 0.13), "spread": (0.12, 0.2), "bow": (1.0, 1.15), "close": (0.8, 1.1),
        },
        gripped=0.45,
    ),
}  # fmt: skip


def design(rng: np.random.Generator) -> Tool:
    """Invent a pair of pincers."""
    name = pick(rng, list(TYPES), [entry.weight for entry in TYPES.values()])
    kind = TYPES[name]
    sizes = sample(rng, COMMON | kind.ranges)
    notches = int(rng.integers(kind.notches[0], kind.notches[1], endpoint=True))
    gripped, inlay, wavy = chance(rng, kind.gripped), chance(rng, 0.3), chance(rng, 1 / 3)
    jaw = _jaw(name, sizes, notches)
    middle = _handle_middle(sizes)
    half = [_handle(sizes, middle), jaw]
    if gripped:
        half.append(_grip(sizes, middle, wavy, inlay))
    upper = list(half)
    if name == "nippers" and not gripped:
        width = sizes["handle_width"]
        upper.append(Part([ellipse(middle[-1], width * 0.75, width * 0.75)], "metal", width * 0.6))
    return Tool(
        type=name,
        halves=(upper, half),
        angle=opening_angle(rng, 2, 10, 28, 42),
        pivot=rng.uniform(0.05, 0.08),
        screw=pick(rng, ("slot", "plain", "nut")),
    )


def _jaw(name: str, sizes: dict[str, float], notches: int) -> Part:
    """Make the left jaw with its half of the joint."""
    joint = ellipse((0, 0), sizes["joint"], sizes["joint"] * sizes["joint_shape"])
    if name == "nippers":
        return Part([_round_jaw(sizes["radius"]), joint], "metal", 0.035)
    length, width, tip = sizes["length"], sizes["width"], sizes["tip"]
    inner = [(MIDDLE, -0.1), (MIDDLE, -length)]
    if name == "slip-joint":
        inner = [(MIDDLE, -0.1), (-0.05, -length * 0.4), (-0.02, -length * 0.6), (0.1, -length)]
        lines = [_bent_notch(place, length) for place in np.linspace(0.05, 0.95, notches)]
    else:
        if "hollow" in sizes:
            hollow = -sizes["hollow"]
            inner[1:1] = [
                (hollow, -length * 0.42), (hollow, -length * 0.52), (MIDDLE, -length * 0.64),
            ]  # fmt: skip
        lowest = 0.68 if "hollow" in sizes else 0.35
        heights = np.linspace(-length * 0.98, -length * lowest, notches)
        lines = [np.array([(MIDDLE, y), (MIDDLE - tip * 0.55, y + 0.004)]) for y in heights]
    end = inner[-1][0]
    outer = [
        (end, -length),
        (end - tip * 0.5, -length * 1.015),
        (end - tip, -length),
        (-width * sizes["shoulder"], -length * 0.55),
        (-width, -0.12),
        (-width * 0.8, 0.06),
        (-0.02, 0.13),
        (0.08, 0.04),
        (MIDDLE, -0.1),
    ]
    inside = spline(inner, steps=10) if len(inner) > 2 else np.array(inner)
    outline = np.vstack([inside, spline(outer, steps=10)])
    return Part([outline, joint], "metal", 0.035, notches=lines)


def _round_jaw(radius: float) -> np.ndarray:
    outside = [(-0.95, -0.35), (-1.12, -1.0), (-0.85, -1.55), (-0.28, -1.85)]
    inside = [(-0.35, -1.55), (-0.66, -1.2), (-0.68, -0.8), (-0.45, -0.42)]
    points = [
        (-0.02, 0.1),
        (-0.12, 0.02),
        *((x * radius, y * radius) for x, y in outside),
        (MIDDLE, -radius * 1.9),
        (MIDDLE, -radius * 1.72),
        *((x * radius, y * radius) for x, y in inside),
        (0.03, -0.1),
        (0.07, 0.02),
    ]
    return spline(points, closed=True, steps=8)


def _bent_notch(place: float, length: float) -> np.ndarray:
    x, y = 0.1 - 0.12 * place, -length * (1 - 0.4 * place)
    return np.array([(x, y), (x - 0.07, y - 0.02)])


def _handle_middle(sizes: dict[str, float]) -> list[tuple[float, float]]:
    length, spread = sizes["handle"], sizes["spread"]
    return [
        (-0.01, 0.0),
        (0.07, 0.12),
        (spread, length * 0.38),
        (spread * sizes["bow"], length * 0.72),
        (spread * sizes["close"], length),
    ]


def _handle(sizes: dict[str, float], middle: list[tuple[float, float]]) -> Part:
    width = sizes["handle_width"]
    widths = [width * 1.5, width * 1.15, width * 0.95, width * 0.85, width * 0.8]
    return Part([stroke(middle, widths)], "metal", width * 0.4)


def _grip(
    sizes: dict[str, float], middle: list[tuple[float, float]], wavy: bool, inlay: bool
) -> Part:
    """Make the plastic around the lower part of the handle."""
    curve = spline(middle)
    first = int(np.searchsorted(along(curve), sizes["start"]))
    covered = curve[np.linspace(first, len(curve) - 1, 7).astype(int)]
    width = sizes["handle_width"] * sizes["thickness"]
    factors = [sizes["flare"], 0.95, 1.0, 1.05, sizes["end"]]
    if wavy:
        factors = [1.5, 0.85, 1.15, 0.95, 1.1, 0.9, 1.0]
    widths = [width * factor for factor in factors]
    return Part([stroke(covered, widths)], "grip", width * 0.45, inlay=inlay)

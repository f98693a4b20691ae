"""Grade all attacks and print what came of them: `python -m tests.grading.attacks [NAME …]`."""

import sys
import tempfile
from pathlib import Path

from helpers.console import table
from tests.grading.attacks import ATTACKS
from tests.grading.attacks.attack import Attack
from tests.grading.attacks.batch import HONEST, Batch, grade


def _row(attack: Attack, batch: Batch) -> list[str]:
    entry = batch.entries[attack.name]
    seen = batch.points(attack.name)
    said = next((line for line in batch.said(attack.name) if line), "")
    expected = None if attack.ungraded else attack.points
    return [
        attack.name,
        _sum(expected),
        _sum(seen) if seen == expected else f"{_sum(seen)} (!)",
        entry["status"],
        said if len(said) <= 90 else f"{said[:89]}…",
    ]


def _sum(points: dict[str, float | None] | None) -> str:
    return "-" if points is None else f"{sum(score or 0 for score in points.values()):g}"


def _main(names: list[str]) -> None:
    chosen = [attack for attack in ATTACKS if not names or attack.name in names]
    with tempfile.TemporaryDirectory() as folder:
        batch = grade(Path(folder), chosen)
    rows = [_row(attack, batch) for attack in (*HONEST, *chosen)]
    print(table(["attack", "expected", "points", "status", "what was said"], rows, "<>><<"))


if __name__ == "__main__":
    _main(sys.argv[1:])

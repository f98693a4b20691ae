import csv
import json

import pytest

from helpers import cli
from tests.classroom.builders import classroom


@pytest.fixture
def root(tmp_path):
    return classroom(tmp_path / "course")


@pytest.fixture
def run(root, monkeypatch, capsys):
    """Run `course` in the course; returns the exit code, and what it printed."""
    monkeypatch.chdir(root)

    def run(*arguments):
        code = cli.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return run


@pytest.fixture
def handed_in(root):
    """Look up what was collected: the answers by the folders of people."""

    def handed_in(assignment="squares"):
        return {
            path.parents[1].name: json.loads(path.read_text())["cells"][1]["source"].split()[-1]
            for path in sorted(root.glob(f"submitted/*/{assignment}/{assignment}.ipynb"))
        }

    return handed_in


@pytest.fixture
def people(root):
    """Read roster.csv, without what is empty."""

    def people():
        with (root / "roster.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            return [{key: value for key, value in row.items() if value} for row in rows]

    return people

"""Grade the basic sample submissions of every assignment and print their points."""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.samples.build import ROOT, basic_samples, exercises
from tests.samples.grading import course_copy


def main() -> int:
    """Grade perfect, half done and untouched work; return 1 if a grading fails."""
    failed = []
    for place in sorted((ROOT / "source").glob("*/*.ipynb")):
        assignment = place.stem
        points = sum(sum(tests.values()) for tests in exercises(assignment).values())
        print(f"\nSample submissions of {assignment} ({points:g} autograded points)", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            course = course_copy(Path(folder) / "course", assignment, basic_samples(assignment))
            command = [sys.executable, "-m", "helpers.cli", "grade", assignment]
            if subprocess.run(command, cwd=course, check=False).returncode:
                failed.append(assignment)
    for assignment in failed:
        print(f"The samples of {assignment} could not all be graded.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

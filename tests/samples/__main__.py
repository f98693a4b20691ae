"""Grade the basic sample submissions of every assignment and print their points."""

import shutil
import subprocess
import sys

from helpers.grading.sandbox import SandboxMissing, find_bubblewrap
from tests.samples.build import ROOT, basic_samples, exercises
from tests.samples.grading import course_copy

FOLDER = ROOT / "tests" / "output" / "samples"


def main(assignments: list[str]) -> int:
    """Grade half done and untouched work, of all by default; return 1 if that fails."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    # `course check` has graded perfect work.
    print("Sample submissions (half done, untouched), by autograded points:", flush=True)
    for assignment in assignments or sorted(path.stem for path in ROOT.glob("source/*/*.ipynb")):
        points = sum(sum(tests.values()) for tests in exercises(assignment).values())
        print(f"  {assignment}: {points:g}", flush=True)
        samples = basic_samples(assignment)
        del samples["perfect"]
        course_copy(FOLDER, assignment, samples)
    # The limit that holds where `course check` has not measured one.
    limit = ["--cell-seconds", "600"]
    command = [sys.executable, "-m", "helpers.cli", "grade", *limit, *_options()]
    graded = subprocess.run(command, cwd=FOLDER, check=False)
    if graded.returncode:
        print("The sample submissions could not all be graded.", file=sys.stderr)
    return 1 if graded.returncode else 0


def _options() -> list[str]:
    """Do without the sandbox where none can be built: these submissions are our own."""
    try:
        find_bubblewrap()
    except SandboxMissing as error:
        print(f"The course's own samples are graded without a sandbox: {error.found}", flush=True)
        return ["--no-sandbox"]
    return []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

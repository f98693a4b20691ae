"""The subcommands of `course`, one module each.

A module has `add_arguments(parser)` and `run(arguments) -> int`, which returns the exit code.
`arguments.root` is the course folder. The summaries stand here so that `course --help` need not
import any of them.
"""

__all__ = ["COMMANDS"]

COMMANDS = {
    "init": "make a new course, with one small assignment",
    "new": "add a small assignment to the course",
    "lab": "open JupyterLab on the assignments",
    "build": "make release/ from source/",
    "check": "run every source notebook and compare its results with the thresholds",
    "roster": "read the people of the course from the platform's lists",
    "collect": "take submissions out of the platform's downloads",
    "grade": "autograde the submissions",
    "feedback": "write feedback for the students",
    "export": "export the marks",
    "return": "put the feedback into the platform's archive",
    "report": "say how a class did, and which tests look broken",
    "similar": "name pairs of submissions that are worth a look",
    "prove": "grade wrong answers, and say which of them the tests let pass",
    "calibrate": "run notebooks with other seeds, and say how tight each limit is",
    "draw": "draw fresh pincers, scissors and meals from a seed",
    "photos": "download photos that don't come with the course",
    "doctor": "say what is installed, what is missing and what to do",
}

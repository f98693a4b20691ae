"""The report of a grading: a table and lists for people, JSON for programs.

The JSON file has ``version`` (of this layout, 4), ``graded_at``, ``sandboxed``, ``unrecognised``
(what lies in submitted/ but belongs to no assignment, a line each) and ``submissions``, each with

==================  ============================================================================
``student``         as in submitted/
``assignment``      as in submitted/
``status``          ``graded``, ``needs manual grading`` or ``needs review``
``reason``          why it needs review, else empty
``unchanged``       whether it was graded before, and nothing has changed since
``points``          so far, null if all of it needs review
``maximum``         the points that there are
``pending``         the points that wait for a person in formgrader
``record``          :class:`helpers.grading.records.Record`: points of every test, repairs,
                    incidents, undecided tests, seconds, bytes of memory, digests
==================  ============================================================================
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from helpers.console import table
from helpers.grading.cohort.grading import Done
from helpers.grading.course import Submission
from helpers.grading.states import REVIEW, State

__all__ = ["as_json", "as_text"]

_HEADER = [
    *("student", "assignment", "points", "to grade by hand", "status"),
    *("repairs", "incidents", "seconds", "MB"),
]
_OPEN = "Executed without a sandbox, with all your rights."


def as_text(
    results: Sequence[Done],
    states: Mapping[Submission, State],
    unrecognised: Sequence[str],
    sandboxed: bool,
) -> str:
    """Show a table of the submissions, then what was found out about each, in plain words."""
    parts = [table(_HEADER, [_row(done, states[done.submission]) for done in results], "<<>><>>>>")]
    if not sandboxed:
        parts.append(_OPEN)
    repairs, incidents = [], []
    for done in results:
        repairs += [f"{_place(done)}: {line}" for line in done.record.repairs]
        incidents += [f"{_place(done)}: {line}" for line in done.record.incident_lines]
    reasons = [
        f"{_place(done)}: {states[done.submission].reason}"
        for done in results
        if states[done.submission].status == REVIEW
    ]
    for title, lines in (
        ("Repaired:", repairs),
        ("Crashes and limits:", incidents),
        ("To be reviewed:", [*unrecognised, *reasons]),
    ):
        if lines:
            parts.append("\n  ".join([title, *lines]))
    return "\n\n".join(parts)


def as_json(
    results: Sequence[Done],
    states: Mapping[Submission, State],
    unrecognised: Sequence[str],
    sandboxed: bool,
) -> bytes:
    """Write the same for programs; the layout is described above."""
    submissions = []
    for done in results:
        state = states[done.submission]
        submissions.append(
            {
                **asdict(done.submission),
                "status": state.status,
                "reason": state.reason,
                "unchanged": done.unchanged,
                "points": state.points,
                "maximum": state.maximum,
                "pending": state.pending,
                "record": asdict(done.record),
            }
        )
    content = {
        "version": 4,
        "graded_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "sandboxed": sandboxed,
        "unrecognised": list(unrecognised),
        "submissions": submissions,
    }
    return f"{json.dumps(content, indent=1)}\n".encode()


def _row(done: Done, state: State) -> list[str]:
    points = "-" if state.points is None else f"{state.points:g}"
    record = done.record
    return [
        done.submission.student,
        done.submission.assignment,
        f"{points} / {state.maximum:g}",
        f"{state.pending:g}" if state.pending else "",
        f"{state.status}, unchanged" if done.unchanged else state.status,
        str(len(record.repairs) or ""),
        str(len(record.incident_lines) or ""),
        "" if record.reason else f"{record.seconds:.1f}",
        "" if record.reason else f"{record.memory / 1e6:.0f}",
    ]


def _place(done: Done) -> str:
    return f"submitted/{done.submission.student}/{done.submission.assignment}"

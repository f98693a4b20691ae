"""A page of what a proof has found: each answer beside the text that asks for it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from helpers.page import fill
from helpers.proving.findings import Finding
from helpers.proving.outcome import Counts

__all__ = ["as_html"]


def as_html(assignment: str, counts: Mapping[str, Counts], findings: Sequence[Finding]) -> bytes:
    """Make a page that needs nothing from outside.

    Parameters
    ----------
    assignment
        Its name.
    counts
        The numbers of its exercises, by the `grade_id` of the answer.
    findings
        What a person should look at.
    """
    from nbconvert.filters import markdown2html

    exercises = {finding.exercise.name: finding.exercise for finding in findings}
    page = fill(
        Path(__file__).with_name("page.html"),
        assignment=assignment,
        counts=counts,
        sections=[
            {
                "exercise": exercises[name],
                "text": markdown2html(exercises[name].text),
                "findings": [each for each in findings if each.exercise.name == name],
            }
            for name in counts
            if name in exercises
        ],
    )
    return page.encode()

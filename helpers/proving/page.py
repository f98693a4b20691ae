"""A page of what a proof has found: each answer beside the text that asks for it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

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
    from jinja2 import Environment, FileSystemLoader
    from nbconvert.filters import markdown2html

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    exercises = {finding.exercise.name: finding.exercise for finding in findings}
    page = environment.get_template("page.html").render(
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

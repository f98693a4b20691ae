"""Lateness on a page of feedback: when the work came, and what that costs."""

from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Float, List, Unicode

__all__ = ["Lateness", "ShowLateness"]


@dataclass(frozen=True)
class Lateness:
    """What a student reads about lateness.

    Parameters
    ----------
    note
        Markdown for the top of each page; empty for who was on time.
    share
        The share of the points that is lost, from 0 to 1; None if nbgrader's plugin decides.
    """

    note: str = ""
    share: float | None = None


class ShowLateness(NbGraderPreprocessor):
    """Show lateness by the course's policy, where nbgrader shows that of its own plugins."""

    note = Unicode("", help="Markdown for the top of the page.").tag(config=True)
    share = Float(
        None,
        allow_none=True,
        help="The share of the points that is lost; None to leave nbgrader's.",
    ).tag(config=True)
    # The HTML exporter sets it for every preprocessor; nbgrader warns of those that can't take it.
    display_data_priority: Any = List().tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Change the points that `GetGrades` has looked up, and leave the note beside them."""
        points = resources["nbgrader"]
        if self.share is not None:
            earned = points["score"] + points["late_penalty"]
            points["late_penalty"] = self.share * earned
            points["score"] = earned - points["late_penalty"]
        points["late_note"] = self.note
        points["late"] = Lateness(self.note, self.share)
        return nb, resources

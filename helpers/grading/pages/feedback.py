"""Pages of feedback, made side by side: one that takes too long costs its author alone."""

import contextlib
import copy
import multiprocessing
import resource
import signal
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess

from nbconvert.exporters import HTMLExporter
from nbformat import v4
from nbgrader.converters import GenerateFeedback

from helpers.errors import CourseError
from helpers.grading.course import Course, Submission
from helpers.grading.nbgrader_steps.convert import convert
from helpers.grading.pages.lateness import Lateness
from helpers.grading.review import failure, is_of_machine, name_file
from helpers.processors import cores

__all__ = ["write_feedback"]

# Processor time of a page; most take less than a second.
_PAGE_SECONDS = 5
_PAGE_MEMORY = 2_000_000_000
_fork = multiprocessing.get_context("fork")


def write_feedback(
    course: Course,
    submissions: Sequence[Submission],
    lateness: Mapping[Submission, Lateness] | None = None,
) -> Iterator[tuple[Submission, str]]:
    """Write the feedback of submissions.

    A page that takes too long is made again without outputs and without what the student wrote in
    Markdown; a line in their place says so.

    Parameters
    ----------
    course, submissions
        The course, and submissions of which each is graded at least in part.
    lateness
        For some of them, what to say of lateness; for others, it is as nbgrader's plugins say.

    Yields
    ------
    Submissions in the order in which they are done, and why there is no page, or nothing.

    Raises
    ------
    CourseError
        If not a submission but the gradebook fails.
    OSError
        If a page can't be written, for example to a full disk.
    """
    _warm_up(course)
    waiting = deque((submission, False) for submission in submissions)
    running: dict[Connection, tuple[Submission, bool, ForkProcess]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < cores():
                submission, brief = waiting.popleft()
                ours, theirs = _fork.Pipe(duplex=False)
                late = (lateness or {}).get(submission)
                arguments = (course, submission, brief, late, theirs)
                process = _fork.Process(target=_write, args=arguments)
                process.start()
                theirs.close()
                running[ours] = submission, brief, process
            for end in wait(list(running)):
                assert isinstance(end, Connection)
                submission, brief, process = running.pop(end)
                problem = _receive(end)
                process.join()
                if process.exitcode == -signal.SIGXCPU and not brief:
                    waiting.appendleft((submission, True))
                elif isinstance(problem, CourseError | OSError):
                    raise problem
                else:
                    yield submission, problem
    finally:
        for *_, process in running.values():
            process.kill()


def _warm_up(course: Course) -> None:
    """Make a page of nothing, so that not each process imports for itself what pages need."""
    cells = [v4.new_markdown_cell("A formula: $x$"), v4.new_code_cell("1")]
    points = {"notebook": "", "score": 0, "max_score": 0, "late_penalty": 0}
    config = GenerateFeedback(coursedir=course.directory, config=course.config).config
    # A template of the instructor's own may need more than that.
    with contextlib.suppress(Exception):
        exporter = HTMLExporter(config=config)
        exporter.from_notebook_node(v4.new_notebook(cells=cells), {"nbgrader": points})


def _receive(end: Connection) -> str | CourseError | OSError:
    with end:
        try:
            return end.recv()
        except EOFError:
            return "the page takes too long to make, or too much memory; look at the notebook"


def _write(
    course: Course, submission: Submission, brief: bool, late: Lateness | None, end: Connection
) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_PAGE_SECONDS, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_DATA, (_PAGE_MEMORY, resource.RLIM_INFINITY))
    config = copy.deepcopy(course.config)
    config.SafeNotebook.brief = brief
    if late is not None:
        config.ShowLateness.note, config.ShowLateness.share = late.note, late.share
    course = replace(course, config=config)
    problem: str | CourseError | OSError = ""
    try:
        convert(GenerateFeedback, course, submission.assignment, submission.student)
    except CourseError as error:
        problem = error
    except Exception as error:
        # Where one page may not be written, the others may.
        if is_of_machine(error) and not isinstance(error, PermissionError):
            name_file(error, course.folder("feedback", submission))
            problem = error
        else:
            problem = failure("nbgrader", error)
    end.send(problem)

"""Pages about submissions, for instructors and students, in which nothing of a submission runs.

Every notebook that becomes HTML, in feedback and in formgrader, passes three guards:

- `safe_notebook` keeps of a notebook only what the pages show, each thing of its own type;
- `safe_html` keeps of HTML, and of what Markdown is rendered to, only what it lists;
- a Content-Security-Policy in `templates/` lets the browser run and load the page's own parts only,
  should a script get through all the same.
"""

from pathlib import Path

from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config

__all__ = ["apply"]

_TEMPLATES = Path(__file__).with_name("templates")


def apply(config: Config) -> None:
    """Let feedback and formgrader show submissions safely.

    Parameters
    ----------
    config
        The `c` of nbgrader_config.py; changed in place.
    """
    # nbgrader picks one of its templates, "feedback" or "formgrade", and does so still: folders of
    # these names in ours come first, and hold only what differs. Names, not functions: formgrader
    # shows its settings as JSON.
    config.HTMLExporter.extra_template_basedirs = [str(_TEMPLATES), handlers.template_path]
    config.HTMLExporter.extra_template_paths = [handlers.template_path]
    config.HTMLExporter.preprocessors = [
        "helpers.grading.pages.safe_notebook.SafeNotebook",
        "helpers.grading.pages.comment_bank.CommentBank",
    ]
    # nbconvert's own cleaning leaves Markdown as it is, and takes tables and figures away.
    config.HTMLExporter.sanitize_html = True
    config.HTMLExporter.filters = {
        # As Python, whatever language the notebook says it is in.
        "highlight_code": "nbconvert.filters.Highlight2HTML",
        "clean_html": "helpers.grading.pages.safe_html.clean_output",
        "markdown2html": "helpers.grading.pages.safe_markdown.render_markdown",
        # nbconvert's own takes quadratic time, for links that are not kept anyway.
        "strip_files_prefix": "markupsafe.soft_str",
        "lower_headings": "helpers.grading.pages.safe_html.lower_headings",
        "nonce": "helpers.grading.pages.safe_html.make_nonce",
        "sign_scripts": "helpers.grading.pages.safe_html.sign_scripts",
    }
    _confine_files()


def _confine_files() -> None:
    """Let formgrader show a file that a student handed in, but run nothing of it.

    Jupyter does so for all files but these, as formgrader has a handler of its own for them.
    """
    policy = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    handlers.SubmissionFilesHandler.content_security_policy = policy

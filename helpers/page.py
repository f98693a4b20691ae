"""Pages of HTML for people, each a file that needs nothing from outside."""

from pathlib import Path
from typing import Any

__all__ = ["fill"]


def fill(template: Path, **values: Any) -> str:
    """Fill in a page.

    Parameters
    ----------
    template
        A file in Jinja's language. What is filled in is escaped.
    values
        By their names in the template.
    """
    # Most commands make no page.
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(
        loader=FileSystemLoader(template.parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template.name).render(**values)

"""Run code as students' code is run, and hear from it what it finds."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from helpers.grading.execution.kernel import Kernel
from helpers.grading.processes import Template
from helpers.grading.sandbox import Limits, Sandbox

__all__ = ["LIMITS", "ask", "kernel"]

LIMITS = Limits(cell_seconds=60, memory=1_000_000_000, disk=20_000_000, processes=60)


@contextmanager
def kernel(sandbox: Sandbox, template: Template | None = None) -> Iterator[Kernel]:
    """Start a kernel in a sandbox; without a template it starts cold."""
    with closing(Kernel(sandbox, LIMITS, template)) as started:
        yield started


def ask(kernel: Kernel, code: str) -> Any:
    """Run code that prints JSON."""
    answer = kernel.run(code, LIMITS.cell_seconds)
    text = "".join(output.get("text", str(output)) for output in answer.outputs)
    errors = [output.evalue for output in answer.outputs if output.output_type == "error"]
    assert answer.ending == "done" and not errors, errors or text
    return json.loads(text)

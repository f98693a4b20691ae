import ast
import json
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager
from nbgrader import utils

from helpers.grading.judging.plan import Plan
from helpers.grading.review import NeedsReview
from tests.builders import code_cell, grading, notebook, solution_cell, test_cell

SOURCES = sorted(Path(__file__).parents[3].glob("source/*/*.ipynb"))


def locked_cell(source, name):
    return code_cell(source, name, grading(name, locked=True))


def plan(*cells):
    return Plan.of(nbformat.reads(json.dumps(notebook(list(cells))), as_version=4))


def from_student(of, test):
    return {name for _, names, _ in of.needs(test) for name in names}


def cells(of, test):
    return [identity for identity, _, _ in of.needs(test)]


def test_answers_come_from_the_student_and_set_up_from_the_course():
    made = plan(
        locked_cell("import numpy as np\ndata = np.ones(3)", "setup"),
        solution_cell("def f(x):\n    return x", "f"),
        test_cell("assert f(data) == data", "works"),
    )
    assert from_student(made, "works") == {"f"}
    assert cells(made, "works") == ["setup", "works"]
    assert made.unsure == {}


def test_cells_of_nothing_but_imports_need_no_lock():
    made = plan(
        code_cell("import numpy as np\nfrom math import pi", "imports"),
        code_cell("import numpy as npp\nvalue = 3", "more"),
        test_cell("np.testing.assert_allclose(npp.pi, pi)\nassert value", "works"),
    )
    assert from_student(made, "works") == {"value"}
    assert made.unsure == {"works": ("value",)}
    assert cells(made, "works") == ["imports", "more: imports", "works"]


def test_set_up_that_builds_upon_an_answer_is_the_students():
    made = plan(
        solution_cell("def f(x):\n    return x", "f"),
        locked_cell("value = f(3)\nother = 4", "use"),
        test_cell("assert value == other", "works"),
    )
    assert from_student(made, "works") == {"value", "other"}
    assert cells(made, "works") == ["works"]


@pytest.mark.parametrize("cell", [solution_cell, locked_cell])
def test_what_a_cell_imports_is_the_courses_even_beside_an_answer(cell):
    made = plan(
        solution_cell("def f(x):\n    return x", "f"),
        cell(
            "from __future__ import annotations\nimport os.path, math as m\n"
            "from json import loads\nvalue = f(3)",
            "use",
        ),
        test_cell("assert m.pi + os.sep + loads('1') == value", "works"),
    )
    assert from_student(made, "works") == {"value"}
    assert made.sources["use: imports"].splitlines() == [
        "import os.path",
        "import math as m",
        "from json import loads",
    ]


def test_a_variable_inside_a_function_replaces_no_import():
    made = plan(
        solution_cell("from math import pi\n\n\ndef f():\n    pi = 3\n    return pi", "f"),
        test_cell("assert f() < pi", "works"),
    )
    assert from_student(made, "works") == {"f"}


def test_what_is_imported_and_then_replaced_is_the_students():
    made = plan(
        solution_cell("from math import pi, e\npi = 3\nfrom os import *", "answer"),
        test_cell("assert pi < e", "works"),
    )
    assert from_student(made, "works") == {"pi"}


def test_set_up_that_replaces_an_answer_is_the_students():
    made = plan(
        solution_cell("network = 1", "network"),
        locked_cell("if network is None:\n    network = 2", "spare"),
        test_cell("assert network", "works"),
    )
    assert from_student(made, "works") == {"network"}


def test_a_name_belongs_to_the_last_cell_that_defines_it():
    made = plan(
        solution_cell("labels = answer = 1", "first"),
        locked_cell("labels = 2", "given"),
        test_cell("assert labels == answer", "works"),
    )
    assert from_student(made, "works") == {"answer"}


def test_tests_may_build_upon_tests_and_what_these_take_from_the_student_is_fetched_again():
    made = plan(
        solution_cell("def f(x):\n    return x", "f"),
        test_cell("def check(n):\n    assert f(n) == n\n\n\ncheck(1)", "one"),
        test_cell("check(2)", "two"),
    )
    assert cells(made, "two") == ["one", "two"]
    assert from_student(made, "two") == {"f"}


@pytest.mark.parametrize(
    "source",
    [
        "image = 1\nassert image",
        "for image in [1]:\n    pass",
        "import image\nimage.f()",
        "def image():\n    return image",
        "assert [image for image in [1]]",
        "with open('x') as image:\n    image.read()",
        "assert print and len([1])",
    ],
)
def test_what_a_test_defines_itself_is_not_fetched(source):
    made = plan(solution_cell("image = 5", "image"), test_cell(source, "works"))
    assert from_student(made, "works") == set()


@pytest.mark.parametrize(
    "source",
    [
        "assert image",
        "image = image + 1",
        "image += 1",
        "def check():\n    return image\n\n\ncheck()",
        "assert [pixel for pixel in image]",
        "assert [image for _ in '']",
        "if not image:\n    image = 1",
        "%timeit image",
    ],
)
def test_what_a_test_takes_from_before_is_fetched(source):
    made = plan(solution_cell("image = 5", "image"), test_cell(source, "works"))
    wanted = {"get_ipython"} if source.startswith("%") else {"image"}
    assert from_student(made, "works") == wanted


def test_only_notebooks_with_features_warm_the_cache():
    test = test_cell("assert True", "works")
    source = "rows = features.extract(pictures)"
    cell = code_cell(source, "a")
    assert plan(cell, test).feature_cells == ()
    cell["metadata"]["tags"] = ["features"]
    assert plan(cell, test).feature_cells == (source,)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_cells_that_compute_features_are_tagged_and_no_others(path):
    code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    trees = {
        cell.id: list(ast.walk(ast.parse(TransformerManager().transform_cell(cell.source))))
        for cell in code
        if utils.is_solution(cell) or not utils.is_grade(cell)
    }
    names = {
        alias.asname or alias.name
        for tree in trees.values()
        for node in tree
        if isinstance(node, ast.ImportFrom) and node.module == "helpers"
        for alias in node.names
        if alias.name == "features"
    }
    calls = {f"{name}.{function}" for name in names for function in ("extract", "classify")}
    assert {cell.id for cell in code if "features" in cell.metadata.get("tags", [])} == {
        cell
        for cell, tree in trees.items()
        if any(isinstance(node, ast.Call) and ast.unparse(node.func) in calls for node in tree)
    }


def test_a_broken_cell_of_the_course_needs_a_person():
    with pytest.raises(NeedsReview, match="no Python"):
        plan(test_cell("assert (", "works"))

"""The solution in other words does the same."""

import ast

import numpy as np
import pytest

from helpers.proving.rewrites import rewrites

FUNCTIONS = '''
def total(rows, weight=2, *, start=0):
    """Add up."""
    sums = start
    for row in rows:
        sums += weight * row.sum()
    return sums

def halves(array, **options):
    middle = len(array) // 2
    first, second = (array[part] for part in (slice(middle), slice(middle, None)))
    def largest(values):
        best = max(values.ravel())
        return best
    return first, second, {"largest": largest(array), **options}, [float(len(array))]
'''
ARRAY = np.arange(24.0).reshape(6, 4)


def run(source):
    names = {"np": np}
    exec(compile(source, "answer", "exec"), names)
    return [
        names["total"](ARRAY),
        names["total"](ARRAY, 3, start=1),
        *names["halves"](ARRAY),
        *names["halves"](ARRAY, more=2),
    ]


def test_all_kinds_are_made():
    assert len({variant.kind for variant in rewrites(FUNCTIONS)}) == len(rewrites(FUNCTIONS)) == 8


@pytest.mark.parametrize("variant", rewrites(FUNCTIONS), ids=lambda variant: variant.kind)
def test_each_answers_the_same_and_is_written_otherwise(variant, capsys):
    for seen, expected in zip(run(variant.source), run(FUNCTIONS), strict=True):
        assert np.array_equal(seen, expected)
    assert variant.source != ast.unparse(ast.parse(FUNCTIONS))
    assert ("is called" in capsys.readouterr().out) == (variant.kind == "prints what it does")


def answer(kind):
    [variant] = [variant for variant in rewrites(FUNCTIONS) if variant.kind == kind]
    return run(variant.source)


def test_results_have_the_form_that_is_meant():
    assert not answer("results that can't be written to")[2].flags.writeable
    assert answer("results in Fortran order")[2].flags.f_contiguous
    assert not answer("results that are views")[2].flags.c_contiguous
    assert type(answer("numbers of NumPy")[5][0]) is np.float64
    [variant] = [
        variant for variant in rewrites("def f():\n    return 1, 2") if "list" in variant.kind
    ]
    names = {}
    exec(variant.source, names)
    assert names["f"]() == [1, 2]


def test_no_name_of_a_parameter_or_of_python_is_changed():
    [variant] = [variant for variant in rewrites(FUNCTIONS) if variant.kind == "other names"]
    names = {node.id for node in ast.walk(ast.parse(variant.source)) if isinstance(node, ast.Name)}
    assert {"rows", "weight", "start", "max", "slice", "my_sums", "my_row", "my_middle"} <= names
    assert not {"sums", "row", "middle", "my_rows", "my_max"} & names


def test_an_answer_without_a_function_has_none():
    assert rewrites("guesses = [1, 2]") == []

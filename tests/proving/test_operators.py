"""Each mutant is Python, and differs from its origin and from the others."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.proving.operators import OPERATORS, mutants, without_overwritten
from tests.samples.build import ROOT, solutions

EXPRESSIONS = st.recursive(
    st.sampled_from(["x", "0", "2.5", "True", "x.T", "x[1:]", "np.zeros((2, 3))"]),
    lambda parts: st.builds(
        str.format,
        st.sampled_from(["({} + {})", "np.sum({}, axis={})", "({} < {})", "max({}, {})"]),
        parts,
        parts,
    ),
    max_leaves=6,
)


def changed(source):
    return {mutant.source: mutant.kind for mutant in mutants(source)}


@settings(deadline=None, max_examples=30)
@given(EXPRESSIONS)
def test_every_mutant_is_python_and_no_two_are_alike(expression):
    source = f"def f(x, y=1):\n    for i in range(3):\n        x = {expression}\n    return x"
    found = mutants(source)
    trees = [ast.dump(ast.parse(mutant.source)) for mutant in found]
    assert len(set(trees)) == len(trees)
    assert ast.dump(ast.parse(source)) not in trees


@pytest.mark.parametrize(
    ("source", "mutant", "operator"),
    [
        ("range(n - 1)", "range(n - 2)", "off by one"),
        ("a / 0.5", "a / 1.1", "other number"),
        ("a < b", "a <= b", "other comparison"),
        ("a * b", "a / b", "other arithmetic"),
        ("a + b", "b", "dropped term"),
        ("total += a", "total = a", "dropped term"),
        ("x.mean()", "x.max()", "other function"),
        ("abs(x)", "x", "left-out call"),
        ("kernel.T", "kernel", "left-out call"),
        ("f(a, b)", "f(b, a)", "other arguments"),
        ("f(a, seed=s)", "f(a)", "other arguments"),
        ("x[i, j]", "x[j, i]", "other axes"),
        ("x[::2]", "x[:]", "other axes"),
        ("y if p else n", "y if True else n", "fixed condition"),
        ("[f(k) for k in ks]", "[f(k) for k in list(ks)[:1]]", "a part of a loop"),
        ("a = 1\nb = 2", "pass\nb = 2", "dropped statement"),
        ("def f(x):\n    return x", "def f(x):\n    return None", "other result"),
        ("def f(x):\n    return 1", "def f(x):\n    return x", "argument as result"),
        ("def f(x=1):\n    g(x)", "def f(x=1):\n    x = 1\n    g(x)", "default for argument"),
    ],
)
def test_an_operator_makes_the_mistake_that_it_is_named_after(source, mutant, operator):
    assert changed(source).get(mutant) == operator


def test_every_operator_finds_something_in_the_solutions_of_the_course():
    found = set()
    for path in ROOT.glob("source/*/*.ipynb"):
        for source in solutions(path.stem).values():
            try:
                found |= {mutant.kind for mutant in mutants(source)}
            except SyntaxError:
                # A written answer.
                continue
    assert found == OPERATORS.keys()


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("a = None\na = f(b)", "a = f(b)"),
        ("a = None\nif b:\n    a = 1", "a = None\nif b:\n    a = 1"),
        ("a = 1\na = a + 1", "a = 1\na = a + 1"),
        ("def f():\n    a = 0\n    a = 1\n    return a", "def f():\n    a = 1\n    return a"),
        ("a = 0\nf(a)\na = 1", "a = 0\nf(a)\na = 1"),
        ("a, b = (0, 1)\na, b = f(c)", "a, b = f(c)"),
        ("a, b = (0, 1)\na, b = f(b)", "a, b = (0, 1)\na, b = f(b)"),
        ("a[0], b = (0, 1)\na[0], b = f(c)", "a[0], b = (0, 1)\na[0], b = f(c)"),
    ],
)
def test_what_nothing_reads_before_it_is_assigned_anew_is_left_out(source, kept):
    assert without_overwritten(source) == kept

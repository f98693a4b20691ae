"""A light assignment to attack: three exercises with four tests, and a written answer."""

from tests.builders import (
    Cell,
    Notebook,
    code_cell,
    grading,
    markdown_cell,
    notebook,
    solution_cell,
    test_cell,
)

NAME = "light"

RIGHT = {
    "standardise": (
        "def standardise(table):\n    return (table - table.mean(axis=0)) / table.std(axis=0)"
    ),
    "vowels": (
        "def count_vowels(text):\n"
        '    return {letter: text.count(letter) for letter in "aeiou" if letter in text}'
    ),
    "best": "best = 42.5",
}
WRONG = {
    "standardise": "def standardise(table):\n    return 7 * table",
    "vowels": 'def count_vowels(text):\n    return "nope"',
    "best": "best = 0",
}

ALL = {"scaled": 1.0, "unchanged": 1.0, "counted": 1.0, "number": 1.0}
NOTHING = dict.fromkeys(ALL, 0.0)


def light_notebook(secret: str) -> Notebook:
    """The instructor's notebook: 4 points by its tests, 2 points by hand.

    Parameters
    ----------
    secret
        Stands in every hidden test.
    """
    written = grading("why", grade=True, solution=True, points=2)
    return notebook(
        [
            markdown_cell("# Numbers and letters", "title"),
            code_cell(
                "import numpy as np\nfrom helpers import checks\n\n"
                "table = np.array([[1.0, 10.0], [2.0, 30.0], [3.0, 50.0], [6.0, 70.0]])",
                "setup",
                grading("setup", locked=True),
            ),
            _solution("standardise", "def standardise(table):\n"),
            _test(
                "scaled",
                "np.testing.assert_allclose(standardise(table).mean(axis=0), 0, atol=1e-9)",
                "scores = standardise(np.array([[1.0, 4.0], [3.0, 8.0]]))\n"
                "np.testing.assert_allclose(scores, [[-1, -1], [1, 1]])\n"
                'checks.array("standardise(table)", scores, [[-1, -1], [1, 1]])',
                secret,
            ),
            _test(
                "unchanged",
                "given = checks.shared(table.copy())\nscores = standardise(given)\n"
                "np.testing.assert_array_equal(given, table)\n"
                "assert np.allclose(scores.std(axis=0), 1)",
                "assert np.allclose(standardise(5 * table), scores)",
                secret,
            ),
            _solution("vowels", "def count_vowels(text):\n"),
            _test(
                "counted",
                'assert count_vowels("banana") == {"a": 3}',
                'words = ["xyz", "aloe", "eerie"]\n'
                "assert [count_vowels(word) for word in words] == [\n"
                '    {}, {"a": 1, "o": 1, "e": 1}, {"e": 3, "i": 1}\n]\n'
                'assert sum(count_vowels("queueing").values()) == 5',
                secret,
            ),
            _solution("best", ""),
            _test(
                "number",
                "assert isinstance(best, int | float)",
                "assert abs(best - 42.5) < 1e-9\nassert best in [42.5]\n"
                'checks.number("best", best, 42.5)',
                secret,
            ),
            markdown_cell("It is the best.", "why", written),
        ]
    )


def _solution(name: str, head: str) -> Cell:
    body = RIGHT[name].removeprefix(head)
    indent = "    " if head else ""
    stub = "\n    return None" if head else "best = None"
    return solution_cell(
        f"{head}{indent}### BEGIN SOLUTION\n{body}\n{indent}### END SOLUTION{stub if head else ''}",
        name,
    )


def _test(name: str, visible: str, hidden: str, secret: str) -> Cell:
    return test_cell(
        f'"""Check that all is well."""\n{visible}\n'
        f"### BEGIN HIDDEN TESTS\n# {secret}\n{hidden}\n### END HIDDEN TESTS",
        name,
    )

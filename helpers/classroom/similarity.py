"""Answers that are more alike than chance would have it: fingerprints of what people wrote.

The fingerprints are those of MOSS (Schleimer, Wilkerson, Aiken: Winnowing, 2003): runs of a few
tokens. Answers are short, so all runs are kept, which is winnowing with a window of one. Comments,
docstrings and layout are no tokens. In place of names a run has numbers, in the order in which the
names appear in it (Baker: Parameterized pattern matching, 1996), so that neither other names nor
moved lines change it. Pygments finds the tokens of code that does not run, too.

copydetect 0.5.0 (2024) was looked at: it compares files, not answers; it takes all names for the
same one; and it can't weigh a fingerprint by how many people have it.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Name, String

__all__ = [
    *("LONGEST", "Fingerprint", "SimilarAnswers", "Token", "Tokeniser", "find_pairs"),
    *("fingerprints", "tokenise_code", "tokenise_text"),
]

LONGEST = 10_000
"""Characters of an answer that can be compared; the longest in tests/samples has 930."""

# Measured with all right answers in tests/samples: where two of one exercise have 15 fingerprints
# in common, these are at most 30 % of the shorter one; a copy with other names, two pairs of lines
# swapped and a line added keeps at least 44 %.
_TOKENS = 8
_FEWEST = 15
_SHARE = 0.4
# In a smaller class, what three have in common would already be what half of the class has.
_SMALLEST_CLASS = 8

_WORD = re.compile(r"\w+")
_FIXED = (Name.Builtin, Name.Exception, Name.Namespace)


class Token(NamedTuple):
    """A piece of an answer that counts.

    Parameters
    ----------
    text
        How it is compared.
    is_name
        Whether it is a name that could be another one.
    start, end
        Its place in the answer.
    """

    text: str
    is_name: bool
    start: int
    end: int


Tokeniser = Callable[[str], Iterator[Token]]
Fingerprint = tuple[str | int, ...]
"""A run of tokens; instead of names it has the numbers of their first appearances in it."""


def tokenise_code(text: str) -> Iterator[Token]:
    """Find the tokens of Python code, whether it runs or not.

    What follows a dot, names of modules and Python's own functions can't be renamed by a student.
    """
    before = ""
    for start, kind, token in PythonLexer(stripnl=False).get_tokens_unprocessed(text):
        # Other quotes mean the same.
        shown = token.strip("\"'") if kind in String else token.strip()
        if kind in Comment or kind in String.Doc or not shown:
            continue
        renamable = kind in Name and before != "." and not any(kind in one for one in _FIXED)
        yield Token(shown, renamable, start, start + len(token))
        before = token


def tokenise_text(text: str) -> Iterator[Token]:
    """Find the words of a written answer."""
    for match in _WORD.finditer(text):
        yield Token(match[0].casefold(), False, match.start(), match.end())


def fingerprints(text: str, tokeniser: Tokeniser) -> dict[Fingerprint, list[tuple[int, int]]]:
    """Return the fingerprints of a text, with the places (start, end) where each is in it."""
    tokens = list(tokeniser(text))
    found: dict[Fingerprint, list[tuple[int, int]]] = {}
    for first in range(len(tokens) - _TOKENS + 1):
        run = tokens[first : first + _TOKENS]
        numbers: dict[str, int] = {}
        key = tuple(
            numbers.setdefault(token.text, len(numbers)) if token.is_name else token.text
            for token in run
        )
        found.setdefault(key, []).append((run[0].start, run[-1].end))
    return found


@dataclass(frozen=True)
class SimilarAnswers:
    """Two answers to one exercise that are worth a look.

    Parameters
    ----------
    first, second
        Whose.
    common
        How many fingerprints they have in common, each with its weight.
    share
        The same as a share of the answer with fewer, from 0 to 1.
    places
        In the first and in the second answer, where the common parts are, in order.
    """

    first: str
    second: str
    common: float
    share: float
    places: tuple[list[tuple[int, int]], list[tuple[int, int]]]


def find_pairs(
    answers: Mapping[str, str], known: Set[Fingerprint], tokeniser: Tokeniser
) -> list[SimilarAnswers]:
    """Compare all answers to an exercise.

    Parameters
    ----------
    answers
        By person.
    known
        Fingerprints that count for nothing, such as those of what all students were given.
    tokeniser
        `tokenise_code` or `tokenise_text`.

    Returns
    -------
    list of SimilarAnswers
        Those who have at least `_FEWEST` fingerprints and the share `_SHARE` in common, the most
        alike first.

    Notes
    -----
    A fingerprint that two people have weighs 1. The more have it, the less it weighs, and what half
    of the class has weighs nothing: `log(half / n) / log(half / 2)` for `n` people, the inverse
    document frequency of text retrieval (Spärck Jones, 1972) on a scale from 0 to 1.
    """
    found = {
        person: {
            key: places for key, places in fingerprints(text, tokeniser).items() if key not in known
        }
        for person, text in answers.items()
    }
    owners: dict[Fingerprint, list[str]] = {}
    for person, own in found.items():
        for key in own:
            owners.setdefault(key, []).append(person)
    half = max(len(answers), _SMALLEST_CLASS) / 2
    weights = {key: _weight(len(people), half) for key, people in owners.items()}
    common: dict[tuple[str, str], float] = defaultdict(float)
    for key, people in owners.items():
        if weights[key]:
            for both in combinations(people, 2):
                common[both] += weights[key]
    totals = {person: sum(weights[key] for key in own) for person, own in found.items()}
    pairs = []
    for (first, second), weight in common.items():
        share = weight / min(totals[first], totals[second])
        if weight >= _FEWEST and share >= _SHARE:
            shared = [key for key in found[first] if key in found[second] and weights[key]]
            places = [
                _merged(place for key in shared for place in found[person][key])
                for person in (first, second)
            ]
            pairs.append(SimilarAnswers(first, second, weight, share, (places[0], places[1])))
    return sorted(pairs, key=lambda pair: -pair.common)


def _weight(count: int, half: float) -> float:
    if count <= 2:
        return 1.0
    return max(0.0, math.log(half / count) / math.log(half / 2))


def _merged(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join places that touch."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged

"""Attacks on the tests: code that makes wrong answers pass for right ones."""

import textwrap

from tests.grading.attacks.assignment import ALL, RIGHT
from tests.grading.attacks.attack import Attack

__all__ = ["ATTACKS"]

# Code in a cell of its own, above wrong answers.
_IN_A_CELL = {
    "patched-libraries": (
        "import builtins, numpy.testing as testing\n"
        "from helpers.checks import values\n"
        "for module in (testing, checks, values):\n"
        "    for name in dir(module):\n"
        "        if callable(getattr(module, name)) and name[0] != '_':\n"
        "            setattr(module, name, lambda *a, **k: None)\n"
        "np.allclose = np.array_equal = np.all = lambda *a, **k: True\n"
        "builtins.abs = lambda number: 0\n"
        "builtins.AssertionError = type('Fine', (Exception,), {})"
    ),
    "own-builtins": (
        "import builtins\n"
        "class Always(dict):\n"
        "    __contains__ = lambda self, name: True\n"
        "    __getitem__ = lambda self, name: 42\n"
        "abs = len = sum = isinstance = lambda *a: 5\n"
        "checks = np = given = scores = table = None\n"
        "globals = locals = vars = builtins.globals = lambda: Always()"
    ),
    "swallowed-errors": (
        "get_ipython().set_custom_exc((BaseException,), lambda *a, **k: None)\n"
        "get_ipython().showtraceback = lambda *a, **k: None"
    ),
    "shown-points": (
        "import atexit\n"
        "from IPython.display import display\n"
        "def show():\n"
        "    print('1.0')\n"
        "    display({'text/plain': '3'}, raw=True)\n"
        "get_ipython().events.register('pre_execute', show)\n"
        "get_ipython().events.register('post_execute', show)\n"
        "atexit.register(show)\nshow()"
    ),
    "history": (
        "ip = get_ipython()\n"
        "print(In, Out, _ih, ip.history_manager.input_hist_raw)\n"
        "print(list(ip.history_manager.search('*')))"
    ),
    "thread-changes-functions": (
        "import threading, time\n"
        "def change():\n"
        "    for _ in range(3000):\n"
        "        time.sleep(0.001)\n"
        "        np.testing.assert_allclose = np.allclose = lambda *a, **k: True\n"
        "        globals()['table'] = np.zeros((0, 2))\n"
        "        globals()['scores'] = globals()['given'] = table\n"
        "threading.Thread(target=change, daemon=True).start()"
    ),
    "thread-kills-in-tests": (
        "import os, sys, threading, time\n"
        "def wait():\n"
        "    while 'answers' not in str(sys._current_frames()): time.sleep(0.01)\n"
        "    os._exit(0)\n"
        "threading.Thread(target=wait, daemon=True).start()"
    ),
}

# The same, above the last answer alone: from there on cells may take all the time that they have.
_IN_THE_LAST_CELL = {
    "input-transformer": (
        "ip = get_ipython()\nip.input_transformers_cleanup.append(lambda lines: ['pass\\n'])"
    ),
    "ast-transformer": (
        "import ast\n"
        "class Drop(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node): return ast.Pass()\n"
        "    def visit_Expr(self, node): return ast.Pass()\n"
        "get_ipython().ast_transformers.append(Drop())"
    ),
    "patched-run-cell": (
        "ip = get_ipython()\nip.run_cell = ip.run_cell_async = lambda *a, **k: None"
    ),
    "patched-shell": (
        "from helpers.grading.processes import session, shell\n"
        "shell._run = lambda *a: None\n"
        "shell.answer = lambda *a: None\n"
        "session.LineSession._line = lambda *a: None"
    ),
    "patched-answers": (
        "from helpers.grading.judging import answers, messages, plain\n"
        "plain.pack = lambda *a: (b'[\"value\", true]', [])\n"
        "answers._reply = lambda *a: (b'[\"tuple\", []]', [])\n"
        "answers.answer = lambda *a: None"
    ),
    "endless-iterator": "import itertools\nbest = itertools.count()",
}

# What is answered in place of numbers, text and the rest; `Always` is equal to everything.
_ALWAYS = """
class Always:
    yes = lambda self, *a, **k: True
    __eq__ = __le__ = __ge__ = __lt__ = __gt__ = __bool__ = __contains__ = yes
    __ne__ = lambda self, other: False
    __hash__ = lambda self: 0
    __instancecheck__ = __subclasscheck__ = yes
    me = lambda self, *a, **k: self
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __abs__ = __neg__ = me
    __truediv__ = __rtruediv__ = __getitem__ = __call__ = __getattr__ = me
    __float__ = lambda self: 42.5
    __int__ = __index__ = __len__ = lambda self: 5
    __iter__ = lambda self: iter([self])
    __array_priority__ = 1e9
    __array_ufunc__ = lambda self, ufunc, *a, **k: self
    __array_function__ = lambda self, function, *a, **k: True
"""
_EQUAL = "    __eq__ = lambda self, other: True\n    __ne__ = lambda self, other: False\n"
# By name: set-up, then what stands for an array, for a dictionary and for a number.
_OBJECTS = {
    "always-equal": (_ALWAYS, "Always()", "Always()", "Always()"),
    "equal-inside": (
        _ALWAYS,
        "np.array([Always()] * 4, dtype=object)",
        "{'a': Always()}",
        "[Always()]",
    ),
    "equal-subclasses": (
        f"class Array(np.ndarray):\n{_EQUAL}"
        "    __array_ufunc__ = lambda self, *a, **k: np.zeros((2, 2)) == 0\n"
        "    __array_function__ = lambda self, *a, **k: True\n"
        f"class Dict(dict):\n{_EQUAL}    values = lambda self: [5]\n"
        f"class Float(float):\n{_EQUAL}    __hash__ = float.__hash__\n"
        "    __sub__ = __abs__ = __add__ = lambda self, *a: self\n"
        "    __lt__ = __gt__ = __eq__",
        "np.zeros((4, 2)).view(Array)",
        "Dict(a=9)",
        "Float(0)",
    ),
    "more-subclasses": (
        f"class List(list):\n{_EQUAL}class Text(str):\n{_EQUAL}    __hash__ = str.__hash__\n"
        f"class Int(int):\n{_EQUAL}    __hash__ = int.__hash__",
        "List([1])",
        "Text('x')",
        "Int(7)",
    ),
    "protocols-and-lies": (
        f"{_ALWAYS}\n"
        "class Chameleon:\n"
        "    __array__ = lambda self, *a, **k: np.array(lambda: 1, dtype=object)\n"
        "    __array_interface__ = {'shape': (2, 2), 'typestr': '<f8', 'version': 3}\n"
        "class Liar(Always):\n    __class__ = property(lambda self: float)",
        "Chameleon()",
        "{Always(): Always()}",
        "Liar()",
    ),
    "not-numbers": ("", "np.full((4, 2), np.nan)", "np.nan", "np.nan"),
    "not-finite": ("", "np.ma.masked_all((4, 2))", "-np.inf", "np.array([np.inf])"),
    "nothing-much": ("", "np.zeros((0, 2))", "range(10**18)", "True"),
    "nested": (
        "loop = []\nloop.append(loop)\ndeep = []\nfor _ in range(100_000): deep = [deep]",
        "loop",
        "deep",
        "AssertionError",
    ),
    "colliding-keys": (
        "class Keys(dict):\n"
        "    items = lambda self: ((n * (2**61 - 1), 1) for n in range(80_000))\n"
        "same = [n * (2**61 - 1) for n in range(80_000)]",
        "same",
        "Keys(a=1)",
        "set(same[:100])",
    ),
    "huge": (
        "many = [[]] * 3_000_000",
        "many",
        "dict.fromkeys(range(1_000_000), (1, 2))",
        "2**40_000",
    ),
    "no-data": (
        f"{_ALWAYS}\nMeta = type('Meta', (Always, type), {{}})",
        "np.zeros((4, 2), dtype='M8[s]')",
        "np",
        "Meta('X', (), {})",
    ),
}

# How the two functions end without a proper answer.
_ENDINGS = {
    "stopped-iteration": ("raise StopIteration", "raise StopAsyncIteration"),
    "raises-for-tests": ("raise AssertionError", "raise checks.CheckFailed('All is well.')"),
    "raises-exits": ("raise SystemExit(0)", "raise KeyboardInterrupt"),
    "half-characters": (
        "raise ValueError('\\ud800 \\x1b[2J \\x00')",
        "return {'\\ud800': 'x\\udfff'}",
    ),
    "raises-the-unspeakable": (
        "raise GeneratorExit",
        "class Bad(BaseException):\n"
        "    def __str__(self): raise Bad\n"
        "    __repr__ = __str__\n"
        "raise Bad",
    ),
    "looks-around": (
        "import gc, inspect, sys\n"
        "names = set()\n"
        "frame = sys._getframe()\n"
        "while frame:\n"
        "    names |= set(frame.f_locals) | set(frame.f_globals)\n"
        "    frame = frame.f_back\n"
        "found = [x for x in gc.get_objects() if type(x) is dict and 'expected' in x]\n"
        "print(sorted(names), len(inspect.stack()), [x['expected'] for x in found][:5])\n"
        "return found[0]['expected'] if found else None",
        "import sys\nreturn sys._getframe(2).f_locals.get('words')",
    ),
}


def _answering(setup: str, array: str, dictionary: str, number: str) -> dict[str, str]:
    return {
        "standardise": f"{setup}\ndef standardise(table):\n    return {array}",
        "vowels": f"def count_vowels(text):\n    return {dictionary}",
        "best": f"best = {number}",
    }


def _ending(first: str, second: str) -> dict[str, str]:
    return {
        "standardise": f"def standardise(table):\n{textwrap.indent(first, '    ')}",
        "vowels": f"def count_vowels(text):\n{textwrap.indent(second, '    ')}",
        "best": "best = None",
    }


ATTACKS = [
    *(Attack(name, code) for name, code in _IN_A_CELL.items()),
    *(Attack(name, code, "best") for name, code in _IN_THE_LAST_CELL.items()),
    *(Attack(name, answers=_answering(*values)) for name, values in _OBJECTS.items()),
    *(Attack(name, answers=_ending(*codes)) for name, codes in _ENDINGS.items()),
    Attack(
        "spoils-its-argument",
        answers={
            **RIGHT,
            "standardise": (
                "def standardise(table):\n"
                "    scores = (table - table.mean(axis=0)) / table.std(axis=0)\n"
                "    table += 1\n"
                "    return scores"
            ),
        },
        points={**ALL, "unchanged": 0.0},
    ),
    Attack(
        "equal-only-to-numbers",
        answers={**RIGHT, "best": f"class Int(int):\n{_EQUAL}best = Int(42)"},
        points={**ALL, "number": 0.0},
    ),
    Attack(
        "returns-subclasses",
        answers={
            "standardise": f"{RIGHT['standardise']}.view(type('Mine', (np.ndarray,), {{}}))",
            "vowels": (
                "from collections import Counter\n"
                "def count_vowels(text):\n"
                "    return Counter(letter for letter in text if letter in 'aeiou')"
            ),
            "best": "best = np.float64(42.5)",
        },
        points=ALL,
    ),
]

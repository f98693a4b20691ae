"""An error for people reaches people as one message, in Jupyter too."""

from IPython.core.interactiveshell import InteractiveShell

from helpers.errors import CourseError, in_place_of_traceback


def test_jupyter_shows_the_message_without_a_traceback(capsys):
    shell = InteractiveShell.instance()
    try:
        shell.user_ns["CourseError"] = CourseError
        code = "def inner():\n    raise CourseError('the file is missing')\ninner()"
        result = shell.run_cell(code)
    finally:
        # With a shell, displays look different, in other tests, too.
        InteractiveShell.clear_instance()
    shown = capsys.readouterr().out
    assert isinstance(result.error_in_exec, CourseError)
    assert shown.count("the file is missing") == 1
    assert "Traceback" not in shown
    assert "inner" not in shown


def test_lines_are_broken_between_words_and_those_of_an_array_are_kept():
    array = "[[1 2  3]\n [4 5 66]]"
    path = "/" + 100 * "x"
    (shown,) = in_place_of_traceback("Not yet", f"{30 * 'word '}in {path}, which is\n{array}")
    assert shown.startswith("\x1b[1mNot yet:\x1b[0m word")
    lines = shown.replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines()
    assert all(len(line) <= 58 for line in lines if path not in line)
    assert " ".join(lines[:-2]) == f"Not yet: {30 * 'word '}in {path}, which is"
    assert "\n".join(lines[-2:]) == array

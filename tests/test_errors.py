"""An error for people reaches people as one message, in Jupyter too."""

from IPython.core.interactiveshell import InteractiveShell

from helpers.errors import CourseError


def test_jupyter_shows_the_message_without_a_traceback(capsys):
    shell = InteractiveShell.instance()
    shell.user_ns["CourseError"] = CourseError
    result = shell.run_cell("def inner():\n    raise CourseError('the file is missing')\ninner()")
    shown = capsys.readouterr().out
    assert isinstance(result.error_in_exec, CourseError)
    assert shown.count("the file is missing") == 1
    assert "Traceback" not in shown
    assert "inner" not in shown

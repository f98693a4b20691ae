"""`course lab` sets JupyterLab up for students, and otherwise for instructors."""

import os

import pytest
from jupyter_core.paths import jupyter_path
from jupyterlab_server.config import get_page_config

from helpers.commands import jupyter_settings


@pytest.fixture(autouse=True)
def no_settings(monkeypatch, tmp_path):
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "")


def disabled():
    return {name.split(":")[1] for name in get_page_config(jupyter_path())["disabledExtensions"]}


def test_students_have_validate_alone_of_what_nbgrader_brings():
    jupyter_settings.apply(for_students=True)
    assert disabled() == {
        "assignment-list",
        "course-list",
        "create-assignment",
        "formgrader",
        "menu",
    }


def test_instructors_have_everything_even_in_a_terminal_of_a_students_lab():
    jupyter_settings.apply(for_students=True)
    jupyter_settings.apply(for_students=False)
    assert disabled() == set()


def test_a_persons_own_path_is_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path))
    jupyter_settings.apply(for_students=True)
    assert os.environ["JUPYTER_CONFIG_PATH"].endswith(f"{os.pathsep}{tmp_path}")

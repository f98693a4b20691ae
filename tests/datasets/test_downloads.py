"""Photos come one by one, whole and unchanged, and a download goes on where it was stopped."""

import hashlib
import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote

import pytest

from helpers.datasets import downloads
from helpers.datasets.downloads import Photo
from helpers.errors import CourseError
from tests.builders import course, files, run_course, square_notebook

LOGIN_PAGE = b"<html>Welcome to the hotel"
CONTENTS = {f"owner/set/1f2e/A DISH & MORE/0{n}.jpg": b"photo %d" % n for n in (1, 2, 3)}
PHOTOS = [
    Photo(f"class/{n}.jpg", address, len(content), hashlib.sha256(content).hexdigest(), {})
    for n, (address, content) in enumerate(CONTENTS.items())
]
WHOLE = {photo.file: content for photo, content in zip(PHOTOS, CONTENTS.values(), strict=True)}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """Keep the test's requests on this machine."""
    monkeypatch.setenv("no_proxy", "*")


@contextmanager
def serving(contents):
    """Serve these files, and say which were asked for; others are not found."""
    asked = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            address = unquote(self.path).removeprefix("/")
            asked.append(address)
            content = contents.get(address)
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *arguments):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()


def refused(folder, host, reason, here):
    """Expect one error in one line that says what, why, how many are here and what to do."""
    with pytest.raises(CourseError) as caught:
        downloads.fetch(PHOTOS, folder, host)
    message = str(caught.value)
    for fact in (reason, f"{here} of 3 photos are in {folder}", "Run the same command again"):
        assert fact in message
    assert "\n" not in message


def test_all_photos_are_downloaded_once(tmp_path, capsys):
    with serving(CONTENTS) as (host, asked):
        assert downloads.fetch(PHOTOS, tmp_path, host) == 3
        assert downloads.fetch(PHOTOS, tmp_path, host) == 0
    assert files(tmp_path) == WHOLE
    assert asked == list(CONTENTS)
    assert "100%" in capsys.readouterr().err


def test_an_interrupted_download_goes_on_where_it_was_stopped(tmp_path):
    first, second, third = CONTENTS
    with serving({first: CONTENTS[first]}) as (host, _):
        refused(tmp_path, host, "the server says 404", here=1)
    assert files(tmp_path) == {PHOTOS[0].file: CONTENTS[first]}
    with serving(CONTENTS) as (host, asked):
        assert downloads.fetch(PHOTOS, tmp_path, host) == 2
    assert asked == [second, third]
    assert files(tmp_path) == WHOLE


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"photo 9", id="another photo"),
        pytest.param(LOGIN_PAGE, id="the page of a portal"),
        pytest.param(b"photo", id="a part of it"),
    ],
)
def test_what_is_not_the_photo_is_not_kept(content, tmp_path):
    first, second, _ = CONTENTS
    with serving({first: CONTENTS[first], second: content}) as (host, asked):
        refused(tmp_path, host, "is another file", here=1)
    assert asked == [first, second]
    assert files(tmp_path) == {PHOTOS[0].file: CONTENTS[first]}


def test_without_a_network_what_is_here_stays(tmp_path):
    with serving(CONTENTS) as (host, _):
        downloads.fetch(PHOTOS[:2], tmp_path, host)
    refused(tmp_path, host, "Connection refused", here=2)
    assert files(tmp_path).keys() == {photo.file for photo in PHOTOS[:2]}


def test_a_photo_that_was_changed_here_is_downloaded_again(tmp_path):
    with serving(CONTENTS) as (host, asked):
        downloads.fetch(PHOTOS, tmp_path, host)
        (tmp_path / PHOTOS[1].file).write_bytes(LOGIN_PAGE)
        asked.clear()
        assert downloads.fetch(PHOTOS, tmp_path, host) == 1
        assert asked == [PHOTOS[1].address]
    assert files(tmp_path) == WHOLE


def test_a_folder_that_cannot_be_written_to_is_reported_before_the_network_is_asked(tmp_path):
    (tmp_path / "class").write_text("no folder")
    with (
        serving(CONTENTS) as (host, asked),
        pytest.raises(CourseError, match=r"class can't be written to.*CNN_COURSE_CACHE"),
    ):
        downloads.fetch(PHOTOS, tmp_path, host)
    assert not asked


@pytest.mark.parametrize("name", downloads.SETS)
def test_a_list_names_every_photo_at_one_commit(name):
    photos = downloads.listed(name)
    for each in (lambda photo: photo.file, lambda photo: photo.sha256):
        assert len({each(photo) for photo in photos}) == len(photos)
    for photo in photos:
        commit = photo.address.split("/")[2]
        assert len(commit) == 40 and int(commit, 16)
        assert len(photo.sha256) == 64 and int(photo.sha256, 16)
        assert photo.size > 10_000


def test_a_damaged_list_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(downloads, "DATA", tmp_path)
    (tmp_path / "dishes.json").write_text(json.dumps({"pictures": [{"file": "a.jpg"}]}))
    with pytest.raises(CourseError, match=r"dishes\.json is missing or damaged"):
        downloads.listed("dishes")


def test_the_command_finds_what_is_here_and_says_how_to_read_it(tmp_path, monkeypatch):
    """An unreachable proxy stands for a machine without a network."""
    root = course(tmp_path / "course", {"squares": square_notebook()})
    monkeypatch.setenv("CNN_COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("no_proxy")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    result = run_course(root, "photos", "nine")
    assert result.returncode == 1
    assert "couldn't be downloaded: Connection refused" in result.stderr
    assert "0 of 2 photos" in result.stderr
    assert "Traceback" not in result.stderr

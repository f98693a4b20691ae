"""A weight file comes whole or not at all, and whoever waits for it soon learns why."""

import hashlib
import socket
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from helpers import transfer
from helpers.errors import CourseError
from helpers.networks import download
from helpers.networks.download import WeightFile

CONTENT = bytes(range(256)) * 10_000
MD5 = hashlib.md5(CONTENT).hexdigest()
LOGIN_PAGE = b"<html>Welcome to the hotel"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Keep the cache in a folder of the test, and the test's requests on this machine."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setenv("no_proxy", "*")
    return tmp_path / "models"


@contextmanager
def serving(content=CONTENT, status=200, promised=None):
    """Serve one answer to every request; it may promise more than it gives."""
    asked = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(promised or len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield WeightFile(f"http://127.0.0.1:{server.server_port}/a/net.h5", MD5), asked
        finally:
            server.shutdown()


@contextmanager
def listening():
    """Accept connections and stay silent."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server, WeightFile(f"http://127.0.0.1:{server.getsockname()[1]}/net.h5", MD5)


def test_a_file_is_downloaded_once(folder, capsys):
    with serving() as (file, asked):
        assert not download.is_cached(file)
        assert download.fetch(file) == folder / "net.h5"
        assert (folder / "net.h5").read_bytes() == CONTENT
        assert download.is_cached(file)
        download.fetch(file)
    assert asked == ["/a/net.h5"]
    assert list(folder.iterdir()) == [folder / "net.h5"]
    assert "net.h5: 100%" in capsys.readouterr().out


def test_a_cached_file_needs_no_server(folder):
    folder.mkdir()
    (folder / "net.h5").write_bytes(CONTENT)
    with listening() as (_, file):
        pass
    assert download.fetch(file) == folder / "net.h5"


def test_everyone_may_read_what_one_has_downloaded(folder):
    with serving() as (file, _):
        mode = download.fetch(file).stat().st_mode
    (folder / "ordinary").touch()
    assert mode == (folder / "ordinary").stat().st_mode


def test_a_login_page_in_the_cache_is_replaced(folder):
    folder.mkdir()
    (folder / "net.h5").write_bytes(LOGIN_PAGE)
    with serving() as (file, _):
        assert not download.is_cached(file)
        download.fetch(file)
        assert (folder / "net.h5").read_bytes() == CONTENT
        assert download.is_cached(file)


def test_a_file_that_was_changed_is_no_longer_cached(folder):
    with serving() as (file, _):
        download.fetch(file).write_bytes(CONTENT[:-1])
    assert not download.is_cached(file)


def refused(file, reason):
    """Expect that a file can't be had, the error to say all, and the cache to stay as it was."""
    before = {path: path.read_bytes() for path in file.path.parent.rglob("*")}
    with pytest.raises(CourseError) as caught:
        download.fetch(file)
    message = str(caught.value)
    for fact in (reason, file.name, str(file.path.parent), file.url, file.md5):
        assert fact in message
    assert {path: path.read_bytes() for path in file.path.parent.rglob("*")} == before
    return message


def test_a_login_page_instead_of_the_file_is_not_kept():
    with serving(LOGIN_PAGE) as (file, _):
        refused(file, f"{file.url} gives is another file")


def test_half_a_file_is_not_kept():
    with serving(CONTENT[:1_500_000], promised=len(CONTENT)) as (file, _):
        refused(file, "only a part of it")


def test_what_lies_in_the_cache_survives_a_download_that_fails(folder):
    folder.mkdir()
    (folder / "net.h5").write_bytes(LOGIN_PAGE)
    with serving(CONTENT[:1_500_000]) as (file, _):
        assert "something else is there under its name" in refused(file, "only a part of it")


def test_a_file_that_was_moved_away_is_reported():
    with serving(status=404) as (file, _):
        refused(file, "the server says 404 Not Found")


def test_a_refused_connection_is_reported():
    with listening() as (_, file):
        pass
    refused(file, "Connection refused")


def test_an_unknown_server_is_reported():
    refused(WeightFile("http://nowhere.invalid/net.h5", MD5), "")


def test_a_server_that_never_answers_is_given_up(monkeypatch):
    monkeypatch.setattr(transfer, "ANSWER", 0.2)
    with listening() as (_, file):
        refused(file, "no answer came in time")


def test_a_server_that_falls_silent_is_given_up(monkeypatch):
    monkeypatch.setattr(transfer, "READ", 0.2)
    with listening() as (server, file):

        def begin():
            connection, _ = server.accept()
            connection.recv(10_000)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
            silent.append(connection)

        silent = []
        Thread(target=begin, daemon=True).start()
        refused(file, "no answer came in time")
    silent.pop().close()


def test_a_server_that_speaks_no_http_is_reported():
    with listening() as (server, file):

        def babble():
            connection, _ = server.accept()
            with connection:
                connection.recv(10_000)
                connection.sendall(b"SSH-2.0-OpenSSH\r\n")

        Thread(target=babble, daemon=True).start()
        refused(file, "SSH-2.0")


def test_a_cache_that_cannot_be_written_to_is_reported_before_the_network_is_asked(folder):
    folder.write_text("not a folder")
    with (
        serving() as (file, asked),
        pytest.raises(CourseError, match=rf"{folder}.*can't be written to.*KERAS_HOME"),
    ):
        download.fetch(file)
    assert not asked


def test_the_cache_is_in_the_home_folder_unless_said_otherwise(monkeypatch, tmp_path):
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert download.cache() == tmp_path / ".keras" / "models"

"""B070: a body that comes byte by byte is cut by the web server; one that keeps coming is not."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import TConn

from hro_portal.threads import LEAST_BYTES_A_SECOND, PATIENT_SECONDS, Worker

LENGTH = 100_000
HEAD = f"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: {LENGTH}\r\n\r\n".encode()


class Served:
    """A connection that a thread of a worker serves; its program reads the whole body."""

    def __init__(self, server: socket.socket) -> None:
        self.client = socket.socket(server.family)
        self.client.connect(server.getsockname())
        taken, address = server.accept()
        self.reading, self.body = threading.Event(), b""
        config = Config()
        self.worker = Worker(1, os.getpid(), [], None, 30, config, Logger(config))
        self.worker.wsgi = self.program
        self.connection = TConn(config, taken, address, server.getsockname())
        self.thread = threading.Thread(target=self.worker.handle, args=[self.connection])

    def program(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        self.reading.set()
        self.body = environ["wsgi.input"].read()
        start("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    def begin(self, sent: bytes) -> None:
        self.client.sendall(HEAD + sent)
        self.connection.sock.recv(1, socket.MSG_PEEK)  # it has come before a thread is free
        self.thread.start()
        assert self.reading.wait(20)

    def later(self, seconds: float) -> None:
        """What the worker does when so much time has passed."""
        self.worker.cut_off_who_drips(time.monotonic() + seconds)


@pytest.fixture
def served() -> Iterator[Served]:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        found = Served(server)
        with closing(found.client), closing(found.connection.sock):
            yield found


def test_body_that_drips_is_cut_and_the_thread_is_free_again(served: Served) -> None:
    served.begin(b"x" * 20)
    served.later(PATIENT_SECONDS - 5)
    assert served.thread.is_alive(), "nobody is cut off so soon"
    served.later(PATIENT_SECONDS + 5)
    served.thread.join(20)
    assert not served.thread.is_alive()
    assert served.body == b"x" * 20


def test_body_that_keeps_coming_is_read_to_its_end(served: Served) -> None:
    """Also if most of it came before a thread was free."""
    part = b"x" * (LEAST_BYTES_A_SECOND * 60)
    served.begin(part)
    served.later(PATIENT_SECONDS + 50)
    served.client.sendall(b"y" * (LENGTH - len(part)))
    served.thread.join(20)
    assert len(served.body) == LENGTH
    assert served.client.recv(1000).startswith(b"HTTP/1.1 200 OK")


def test_what_a_page_takes_long_for_is_still_answered(served: Served) -> None:
    """Only what may still be sent is ended, not the answer."""
    read = served.program

    def slow(environ: dict[str, Any], start: Any) -> list[bytes]:
        answer = read(environ, start)
        served.later(1000)
        return answer

    served.worker.wsgi = slow
    served.begin(b"x" * LENGTH)
    served.thread.join(20)
    assert served.client.recv(1000).startswith(b"HTTP/1.1 200 OK")


def test_a_proxy_that_comes_through_a_socket_file_is_served(tmp_path: Path) -> None:
    """Linux counts no bytes there; dripping is the business of that proxy."""
    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind(str(tmp_path / "web"))
        server.listen()
        found = Served(server)
        with closing(found.client), closing(found.connection.sock):
            found.begin(b"x" * LENGTH)
            found.later(PATIENT_SECONDS + 50)
            found.thread.join(20)
            assert found.client.recv(1000).startswith(b"HTTP/1.1 200 OK")

"""The world outside: a mail server and a department's own server. Both take everything and write down what they saw."""

import asyncio
import hashlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"
TAKEN = "250 OK"


@dataclass(frozen=True)
class Mail:
    """One mail that was taken."""

    to: str
    subject: str
    message_id: str


class MailSink:
    """A mail server on a free port. `reply` decides about the next mails; only what gets a 250 is in the journal."""

    def __init__(self) -> None:
        self.taken: list[Mail] = []
        self.reply: Callable[[], str] = lambda: TAKEN
        with socket.create_server((HOST, 0)) as free:
            port = free.getsockname()[1]
        self.url = f"smtp://{HOST}:{port}"  # for the setting EMAIL_URL
        self._port, self._seconds = port, 0.0
        self._controller = self._new()

    def _new(self) -> Controller:
        return Controller(self, hostname=HOST, port=self._port)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody listens in the meantime."""
        self._controller.stop()
        try:
            yield
        finally:
            self._controller = self._new()
            self._controller.start()

    @contextmanager
    def slow(self, seconds: float) -> Iterator[None]:
        """So long passes before a mail is taken."""
        self._seconds = seconds
        try:
            yield
        finally:
            self._seconds = 0.0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(self._seconds)
        message = message_from_bytes(envelope.content)
        reply = self.reply()
        if reply == TAKEN:
            self.taken += [Mail(to, str(message["Subject"]), str(message["Message-ID"])) for to in envelope.rcpt_tos]
        return reply

    def to(self, address: str) -> list[Mail]:
        return [mail for mail in list(self.taken) if mail.to == address]

    def __enter__(self) -> "MailSink":
        self._controller.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._controller.stop()


@dataclass(frozen=True)
class HandOver:
    """One request that a department's server received whole."""

    key: str
    payload_sha256: str


@dataclass
class Reply:
    """How the department answers: after how long, with which status and body; `cut`: not at all, after taking it."""

    status: int = 200
    body: bytes | None = None  # none: the confirmation that the portal expects
    cut: bool = False
    wait: Callable[[], None] = field(default=lambda: None)


class _Calm(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing: who is cut off by an accident is what this server is for."""


class Office:
    """A department's own server on a free port; it de-duplicates nothing, and `reply` decides about its answers."""

    def __init__(self) -> None:
        self.received: list[HandOver] = []
        self.reply: Callable[[], Reply] = Reply
        office = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                payload = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                office.received.append(
                    HandOver(self.headers.get("Idempotency-Key", ""), hashlib.sha256(payload).hexdigest())
                )
                reply = office.reply()
                reply.wait()
                if reply.cut:
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                self.send_header("Content-Type", "application/json")
                body = _confirmation(payload) if reply.body is None else reply.body
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Nothing: the journal says it."""

        self._server = _Calm((HOST, 0), Handler)

    def payloads(self, key: str, *, since: int = 0) -> set[str]:
        """The distinct payloads that came under one idempotency key, without the first `since` that came at all."""
        return {each.payload_sha256 for each in self.received[since:] if each.key == key}

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._server.server_address[1]}/eingang"

    def __enter__(self) -> "Office":
        threading.Thread(target=self._server.serve_forever, name="office", daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _confirmation(payload: bytes) -> bytes:
    return json.dumps({"received": json.loads(payload)["reference"]}).encode()

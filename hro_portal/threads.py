"""How the web server hands its threads out: to those who have said something and go on speaking (fault F36, B070)."""

import socket
import struct
import time
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker

#: Who stops in the middle of a request for so long is cut off.
STALLED_SECONDS = 20
#: And so is who drips: after so long, a request must have come with so many bytes a second (an old telephone line).
PATIENT_SECONDS, LEAST_BYTES_A_SECOND = 20, 500
#: `tcpi_bytes_received` in Linux's `struct tcp_info`.
_RECEIVED_AT = 128


class Worker(ThreadWorker):
    """gunicorn keeps a thread for five seconds for each new connection; browsers open some that they never use."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: Connections with a thread: since when, and what they had sent before this request.
        self._served: dict[TConn, tuple[float, int]] = {}
        #: What connections had sent when their last request was over.
        self._heard: WeakKeyDictionary[TConn, int] = WeakKeyDictionary()

    def handle(self, conn: TConn) -> Any:
        if not conn.initialized and not conn.data_ready and not conn.wait_for_data(0):
            return _DEFER
        conn.data_ready = True
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", STALLED_SECONDS, 0))
        # Behind a socket file stands a proxy of our own, and Linux does not count what came through it.
        if conn.sock.family not in (socket.AF_INET, socket.AF_INET6):
            return super().handle(conn)
        # What came before a thread was free is of this request too.
        self._served[conn] = time.monotonic(), self._heard.get(conn, 0)
        try:
            return super().handle(conn)
        finally:
            self._served.pop(conn, None)
            with suppress(OSError):  # it is gone by itself
                self._heard[conn] = _received(conn.sock)

    def murder_pending(self) -> None:
        """Called about once a second by the thread that accepts."""
        super().murder_pending()
        self.cut_off_who_drips(time.monotonic())

    def cut_off_who_drips(self, now: float) -> None:
        """Ends what such a connection may still send: its thread sees a body cut short. An answer still goes out, so
        that a page that merely takes long is not harmed."""
        for conn, (since, before) in list(self._served.items()):
            owed = (now - since - PATIENT_SECONDS) * LEAST_BYTES_A_SECOND
            try:
                if owed > 0 and _received(conn.sock) - before < owed:
                    conn.sock.shutdown(socket.SHUT_RD)
            except OSError:
                continue  # it is gone by itself


def _received(sock: socket.socket) -> int:
    """The bytes that have come over this connection since it was opened."""
    information = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _RECEIVED_AT + 8)
    return int(struct.unpack_from("Q", information, _RECEIVED_AT)[0])

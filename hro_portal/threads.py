"""How the web server hands its threads out: to those who have said something (fault F36)."""

import socket
import struct
from typing import Any

from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker

#: Who stops in the middle of a request for so long is cut off.
STALLED_SECONDS = 20


class Worker(ThreadWorker):
    """gunicorn keeps a thread for five seconds for each new connection; browsers open some that they never use."""

    def handle(self, conn: TConn) -> Any:
        if not conn.initialized and not conn.data_ready and not conn.wait_for_data(0):
            return _DEFER
        conn.data_ready = True
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", STALLED_SECONDS, 0))
        return super().handle(conn)

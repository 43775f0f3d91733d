"""The portal's own processes, as programs for the supervisor."""

import http.client
import socket
import sys
from pathlib import Path

import kombu.exceptions
import redis
from celery import Celery

from hro_portal.stack.process import Program

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"


def listen(port: int) -> socket.socket:
    """Out: a listening socket (port 0: any free one). The supervisor holds it, so a restart of web refuses nobody."""
    return socket.create_server((HOST, port), backlog=256)


def web(*, listener: socket.socket, env: dict[str, str]) -> Program:
    port = listener.getsockname()[1]
    return Program(
        name="web",
        command=[
            *(sys.executable, "-m", "gunicorn", "hro_portal.wsgi:application"),
            *("--bind", f"fd://{listener.fileno()}"),
            *("--worker-class", "hro_portal.threads.Worker", "--workers", "2", "--threads", "4"),
            *("--graceful-timeout", "5"),
            "--preload",
            "--no-control-socket",
        ],
        env=env,
        is_ready=lambda: _is_healthy(port),
        pass_fds=(listener.fileno(),),
        cwd=ROOT,
    )


def worker(*, redis_url: str, env: dict[str, str]) -> Program:
    return _worker("worker", queue="default,ticks", processes=2, redis_url=redis_url, env=env)


def documents(*, redis_url: str, env: dict[str, str]) -> Program:
    """Makes PDFs and nothing else: what a document takes, or breaks, is missed by nobody else (fault F19)."""
    return _worker("documents", queue="documents", processes=1, redis_url=redis_url, env=env)


def _worker(name: str, *, queue: str, processes: int, redis_url: str, env: dict[str, str]) -> Program:
    return Program(
        name=name,
        command=[
            *(sys.executable, "-m", "celery", "--app", "hro_portal", "worker"),
            *("--queues", queue, "--concurrency", str(processes)),
            *("--hostname", f"{name}@stack", "--loglevel", "INFO"),
            *("--without-gossip", "--without-mingle"),
        ],
        env=env,
        is_ready=lambda: _worker_answers(redis_url, f"{name}@stack"),
        cwd=ROOT,
    )


def beat(*, run_dir: Path, env: dict[str, str]) -> Program:
    # The schedule is code; beat's file only marks what ran last and may be new on each start.
    schedule = run_dir / "schedule"
    return Program(
        name="beat",
        command=[
            *(sys.executable, "-m", "celery", "--app", "hro_portal", "beat"),
            *("--schedule", str(schedule), "--pidfile", "", "--loglevel", "INFO"),
        ],
        env=env,
        is_ready=lambda: any(run_dir.glob("schedule*")),
        cwd=ROOT,
    )


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _worker_answers(redis_url: str, name: str) -> bool:
    """Whether Redis sees it take work. Releases before this one did not say their name, and are asked themselves; that
    is not enough by itself, for workers at times hear no questions while they work (celery issue 2678).
    """
    try:
        return _takes_work(redis_url, name) or _replies(redis_url, name)
    # Connections are kept from one question to the next, and do not outlive a restart of Redis.
    except (OSError, redis.RedisError, kombu.exceptions.OperationalError):
        return False


def _takes_work(redis_url: str, name: str) -> bool:
    with redis.Redis.from_url(redis_url.replace("redis+socket://", "unix://", 1), socket_timeout=5) as broker:
        return any(each["name"] == name and each["cmd"] == "brpop" for each in broker.client_list())


def _replies(redis_url: str, name: str) -> bool:
    with Celery(broker=redis_url, set_as_current=False) as app:
        return bool(app.control.broadcast("ping", destination=[name], reply=True, timeout=0.5, limit=1))

import fcntl
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from hro_portal.stack import broker, environment, portal, postgres
from hro_portal.stack.process import Process, Program
from hro_portal.stack.refusal import StackRefusal

STORES = ("postgres", "redis")
PORTAL = ("web", "worker", "documents", "beat")
WATCH_SECONDS = 0.2


class Stack:
    """PostgreSQL, Redis, web, worker, documents and beat on one data folder; a context manager.

    `port` 0 takes any free port. `only` names the parts to start. `given` are settings from outside: with
    DATABASE_URL and DATABASE_OWNER_URL, or REDIS_URL in it, that part is not embedded. `durable=False` is faster
    and for data that nobody misses. `say` hears what is going on, in German sentences.

    Once entered, `env` is the environment of the portal's processes and `owner_env` the one that may migrate.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        port: int = 0,
        demo: bool = False,
        only: Collection[str] = STORES + PORTAL,
        durable: bool = True,
        given: Mapping[str, str] | None = None,
        say: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self.data_dir = data_dir.resolve()
        self.log_dir = self.data_dir / "log"
        self.owner_env: dict[str, str] = {}
        self.env: dict[str, str] = {}
        self._port = port
        self._demo = demo
        self._only = frozenset(only)
        self._durable = durable
        self._given = dict(given or {})
        self._say = say
        self._processes: dict[str, Process] = {}
        self._opened = ExitStack()
        self._stopping = threading.Event()
        self._watch = threading.Thread(target=self._revive_children, name="watch", daemon=True)

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        return self.env["PORTAL_BASE_URL"]

    def process(self, name: str) -> Process:
        """One child by its name: postgres, redis, web, worker, documents, beat."""
        return self._processes[name]

    def stop(self) -> None:
        """Ends all children: first the portal's, then the stores that they use."""
        self._stopping.set()
        for group in (PORTAL, STORES):
            running = [self._processes[name] for name in group if name in self._processes]
            for process in running:
                process.ask_to_stop()
            for process in running:
                process.stop()
        # Last: the watch started some of them, and Linux ends a child with the thread that started it.
        if self._watch.is_alive():
            self._watch.join()
        self._opened.close()

    def _start(self) -> None:
        environment.require_both_roles(self._given)
        self._take_data_dir()
        run_dir = self._make_run_dir()
        listener = self._listen()
        self._watch.start()
        self._start_stores(run_dir, port=listener.getsockname()[1] if listener else 0)
        if listener is None:
            return
        self._prepare()
        self._say("Webserver, Hintergrunddienst und Zeitgeber starten …")
        self._start_portal(run_dir, listener)

    def _take_data_dir(self) -> None:
        if not self.data_dir.exists():
            self.data_dir.mkdir(parents=True)
            # PostgreSQL's user passes through here; the folders inside close themselves.
            self.data_dir.chmod(0o711)
        self.log_dir.mkdir(exist_ok=True)
        lock = self._opened.enter_context((self.data_dir / "lock").open("w"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StackRefusal(
                f"Das Portal läuft schon mit dem Datenordner {self.data_dir}. "
                "Beenden Sie es dort, oder wählen Sie mit DATA_DIR einen anderen Ordner."
            ) from None

    def _make_run_dir(self) -> Path:
        # A socket's path may have 107 bytes, so it cannot lie in a data folder of any depth.
        run_dir = Path(tempfile.mkdtemp(prefix="hro-portal-", dir="/tmp"))  # nosec B108
        self._opened.callback(shutil.rmtree, run_dir, ignore_errors=True)
        run_dir.chmod(0o711)
        return run_dir

    def _listen(self) -> socket.socket | None:
        if "web" not in self._only:
            return None
        try:
            return self._opened.enter_context(portal.listen(self._port))
        except OSError:
            raise StackRefusal(
                f"Der Port {self._port} ist belegt. "
                f"Beenden Sie das andere Programm, oder wählen Sie einen anderen: PORT={self._port + 1} make run."
            ) from None

    def _start_stores(self, run_dir: Path, *, port: int) -> None:
        stores = {"REDIS_URL": broker.url(run_dir / "redis")}
        if "DATABASE_URL" not in self._given:
            cluster = postgres.cluster(self.data_dir / "postgres", run_dir / "postgres")
            stores |= {
                "DATABASE_URL": cluster.url(postgres.ROLE),
                "DATABASE_OWNER_URL": cluster.url(postgres.OWNER),
            }
        self.owner_env = environment.build(
            self._given, data_dir=self.data_dir, demo=self._demo, port=port, stores=stores
        )
        # Only who migrates may act as the owner of the tables.
        self.env = {name: value for name, value in self.owner_env.items() if name != "DATABASE_OWNER_URL"}
        if "redis" in self._only and "REDIS_URL" not in self._given:
            self._launch(broker.program(socket=run_dir / "redis", env=self.env))
        if "postgres" in self._only and "DATABASE_URL" not in self._given:
            postgres.create_if_missing(cluster)
            self._launch(postgres.program(cluster, durable=self._durable)).wait_ready()
            postgres.create_roles(cluster)

    def _prepare(self) -> None:
        self._say("Datenbank, Schlüssel und statische Dateien werden vorbereitet …")
        log = self.log_dir / "prepare.log"
        with log.open("ab") as output:
            result = subprocess.run(
                [sys.executable, "-m", "hro_portal.stack.prepare"],
                env=self.owner_env,
                cwd=portal.ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        if result.returncode:
            raise StackRefusal(f"Die Vorbereitung ist gescheitert. Der Grund steht in {log}.")

    def _start_portal(self, run_dir: Path, listener: socket.socket) -> None:
        for program in (
            portal.web(listener=listener, env=self.env),
            portal.worker(redis_url=self.env["REDIS_URL"], env=self.env),
            portal.documents(redis_url=self.env["REDIS_URL"], env=self.env),
            portal.beat(run_dir=run_dir, env=self.env),
        ):
            if program.name in self._only:
                self._launch(program)
        for process in list(self._processes.values()):
            process.wait_ready()

    def _launch(self, program: Program) -> Process:
        process = Process(program, self.log_dir)
        self._processes[program.name] = process
        process.start()
        return process

    def _revive_children(self) -> None:
        while not self._stopping.wait(WATCH_SECONDS):
            for process in list(self._processes.values()):
                if process.revive():
                    self._say(f"Der Teil „{process.name}“ ist ausgefallen und wird neu gestartet.")

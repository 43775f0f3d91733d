import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from hro_portal.stack.refusal import StackRefusal

POLL_SECONDS = 0.05
STEADY_SECONDS = 30.0
MAX_BACK_OFF_SECONDS = 15.0
#: Who waits for a child gives up when it ended more often than this since then.
MOST_FAILURES = 3
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


@dataclass(frozen=True)
class Account:
    """The system user that a child runs as."""

    uid: int
    gid: int
    name: str


@dataclass(frozen=True)
class Program:
    """What one child is: how it is started, when it counts as ready, how it is asked to end."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    is_ready: Callable[[], bool]
    stop_signal: signal.Signals = signal.SIGTERM
    account: Account | None = None
    pass_fds: Sequence[int] = ()
    cwd: Path = Path("/")


@dataclass
class Process:
    """One supervised child. `kill` is an accident (the watch restarts it), `stop` is a wish (it stays down)."""

    program: Program
    log_dir: Path
    wanted: bool = False
    failures: int = 0
    _child: subprocess.Popen[bytes] | None = None
    _started_at: float = 0.0
    _retry_at: float | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def name(self) -> str:
        return self.program.name

    @property
    def log(self) -> Path:
        return self.log_dir / f"{self.name}.log"

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child is not None and self.alive else None

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Starts the child if it is not running; readiness is waited for separately."""
        with self._lock:
            self.wanted = True
            if self.alive:
                return
            self._end_group()
            self._child = self._spawn()
            self._started_at = time.monotonic()
            self._retry_at = None

    def wait_ready(self, seconds: float = 60.0) -> None:
        """Returns when the child answers; raises StackRefusal when it does not in time or keeps ending meanwhile."""
        deadline, failed_before = time.monotonic() + seconds, self.failures
        while not (self.alive and self.program.is_ready()):
            keeps_ending = not self.alive and self.failures > failed_before + MOST_FAILURES
            if keeps_ending or time.monotonic() > deadline:
                raise StackRefusal(f"Der Teil „{self.name}“ ist nicht bereit geworden. Der Grund steht in {self.log}.")
            time.sleep(POLL_SECONDS)

    def revive(self) -> bool:
        """Called by the watch: restarts a child that ended although it is wanted, later after each failure.

        Out: whether it has just been found dead.
        """
        with self._lock:
            if not self.wanted or self.alive:
                return False
            now = time.monotonic()
            if self._retry_at is None:
                lasted = now - self._started_at > STEADY_SECONDS
                self.failures = 1 if lasted else self.failures + 1
                self._retry_at = now + min(0.1 * 2**self.failures, MAX_BACK_OFF_SECONDS)
                return True
            if now >= self._retry_at:
                self.start()
            return False

    def kill(self) -> None:
        """SIGKILL, as an accident would do it."""
        with self._lock:
            if self._child is not None and self.alive:
                self._child.kill()
                self._child.wait()

    def ask_to_stop(self) -> None:
        with self._lock:
            self.wanted = False
            if self._child is not None and self.alive:
                self._child.send_signal(self.program.stop_signal)

    def stop(self, seconds: float = 8.0) -> None:
        """Ends the child and keeps it down; a child that does not end in time is killed with its whole group."""
        self.ask_to_stop()
        with self._lock:
            if self._child is None:
                return
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(seconds)
            self._end_group()

    def _spawn(self) -> subprocess.Popen[bytes]:
        account = self.program.account
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self.program.command,
                env=dict(self.program.env),
                cwd=self.program.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C reaches the supervisor only; it ends the children in its own order.
                start_new_session=True,
                pass_fds=tuple(self.program.pass_fds),
                preexec_fn=self._end_with_supervisor,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )

    def _end_with_supervisor(self) -> None:
        # No orphan even after kill -9 of the supervisor. Runs after the change of user, which would clear it.
        if hasattr(_libc, "prctl"):
            _libc.prctl(PR_SET_PDEATHSIG, int(self.program.stop_signal))

    def _end_group(self) -> None:
        if self._child is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()

"""Where one point of an enumeration happens: a copy of the database and of the files, thrown away afterwards.

What came before the button is gone through once, and then copied as often as there are doors: a copy takes a tenth of
the time, and the checker looks at one town and not at what all points before it left. PostgreSQL copies pages of a
database that nobody works in; files are linked, since the portal never changes one in its place.
"""

import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import redis
from psycopg import sql

from faults import server
from faults.journals import MailSink
from hro_portal.stack import postgres


@dataclass(frozen=True)
class Ground:
    """What a process must know before it works there; `lane` is its own database of the broker."""

    database: str
    files: Path
    broker: str
    mail_port: int


class Grounds:
    """Makes and removes the grounds of one lane; each lane has hints and mails of its own, so lanes never meet."""

    _numbers = itertools.count(1)

    def __init__(self, lane: int, mail: MailSink, *, url: str, broker: str, data: Path) -> None:
        self.mail = mail
        self._data = data
        self._redis = redis.Redis(unix_socket_path=urlsplit(broker).path, db=lane)
        self._admin = server.connect(url, database="postgres")
        mail_port = urlsplit(mail.url).port or 0
        self.first = Ground(postgres.DATABASE, data / "files", f"{broker}?virtual_host={lane}", mail_port)

    @contextmanager
    def copy(self, of: Ground) -> Iterator[Ground]:
        """A ground that is as the other one is now; nobody may work on that one meanwhile."""
        name = f"ground_{next(self._numbers)}"
        files = self._data / "grounds" / name
        self._admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                *map(sql.Identifier, (name, of.database, postgres.OWNER))
            )
        )
        shutil.copytree(of.files, files, copy_function=os.link)
        self._redis.flushdb()
        try:
            yield Ground(name, files, of.broker, of.mail_port)
        finally:
            self._admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            shutil.rmtree(files)

    def is_waited_on(self, ground: Ground) -> bool:
        """Whether somebody on this ground stands at a lock that another one holds."""
        waits = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
        return self._admin.execute(waits, [ground.database]).fetchone() is not None

    def close(self) -> None:
        self._admin.close()
        self._redis.close()


def enter(ground: Ground) -> None:
    """This process works there from now on; to be called before it has a connection to anything."""
    from django.conf import settings
    from django.db import connections

    from hro_portal.celery import app

    settings.FILES_DIR, settings.EMAIL_PORT = ground.files, ground.mail_port
    connections["default"].settings_dict["NAME"] = ground.database
    app.conf.broker_url = ground.broker

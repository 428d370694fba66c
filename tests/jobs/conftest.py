"""Real workers over a database of a test, and a job that waits until the test lets it go on."""

import base64
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select, text

from app.models import SignInAttempt
from app.models.job import Job
from app.platform.database.engines import make_engine
from app.platform.database.sessions import read, write
from app.platform.queue.deferring import defer
from app.runtime.staff import Runtime
from tests.forking import Forked
from tests.meanwhile import is_blocked

MESURE23 = Path(sys.executable).with_name("mesure23")
HEARTBEAT = 0.25


Worker = subprocess.Popen[str] | Forked


def number_of(runtime: Runtime, job: Job) -> int:
    """Defer a job and return its number."""
    with write(runtime.staff) as session:
        return defer(session, job)


def state_of(engine: Engine, number: int) -> tuple[str, int]:
    """Return where a job stands, and how often it was tried."""
    statement = text("SELECT status::text, attempts FROM jobs.procrastinate_jobs WHERE id = :id")
    with read(engine) as session:
        status, tries = session.execute(statement, {"id": number}).one()
    return status, tries


@dataclass
class Workers:
    """Processes of `mesure23 worker`; what each said is read once it ended."""

    runtime: Runtime
    folder: Path
    heartbeat: float = HEARTBEAT
    started: list[Worker] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("MESURE23_")}
        key = base64.b64encode(hashlib.sha256(b"keys of the tests").digest()).decode()
        databases = self.runtime.databases
        return inherited | {
            "MESURE23_DATABASE_URL": databases.staff.url.render_as_string(hide_password=False),
            "MESURE23_PUBLIC_DATABASE_URL": databases.public.url.render_as_string(
                hide_password=False
            ),
            "MESURE23_OWNER_DATABASE_URL": self.runtime.owner_url,
            "MESURE23_KEYS": f"tests:{key}",
            "MESURE23_DATA_DIR": str(self.folder),
            "MESURE23_GEOCODER_URL": "http://127.0.0.1:9",
            "MESURE23_WORKER_HEARTBEAT": str(self.heartbeat),
        }

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        """Start one as it is typed."""
        pipe = subprocess.PIPE
        child = subprocess.Popen(
            [MESURE23, "worker", *arguments],
            env=self.environment | variables,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            text=True,
        )
        self.started.append(child)
        return child

    def fork(self, **variables: str) -> Forked:
        """Start one whose modules are there already."""
        child = Forked(("worker",), self.environment | variables)
        self.started.append(child)
        return child

    def kill(self, child: Worker) -> None:
        child.kill()
        child.communicate()

    def ended(self, child: Worker) -> tuple[int | None, list[dict[str, Any]], str]:
        """Ask a worker to end; return its code, its lines and what it complained of."""
        child.terminate()
        out, err = child.communicate(timeout=30)
        return child.returncode, [json.loads(line) for line in out.splitlines()], err


@pytest.fixture
def owner(runtime: Runtime) -> Iterator[Engine]:
    """The login that may hold whatever a job waits for."""
    engine = make_engine(runtime.owner_url)
    yield engine
    engine.dispose()


@pytest.fixture
def workers(runtime: Runtime, tmp_path: Path) -> Iterator[Workers]:
    workers = Workers(runtime, tmp_path)
    yield workers
    for child in workers.started:
        if child.poll() is None:
            child.kill()
        # Seen where the test fails.
        if child.stdout and not child.stdout.closed:
            print(*child.communicate())  # noqa: T201


@dataclass
class Obstacle:
    """A row that the nightly job wants to delete, and that the test holds for a while.

    owner: of who may hold what it will not change, and end connections.
    """

    runtime: Runtime
    owner: Engine
    id: UUID = field(default_factory=uuid4)

    def put(self) -> None:
        long_ago = datetime.now(UTC) - timedelta(days=9)
        self.id = uuid4()
        with write(self.runtime.staff) as session:
            session.add(SignInAttempt(id=self.id, login=b"x", network=b"y", at=long_ago))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the row, so that the job waits in the middle of its transaction."""
        row = select(SignInAttempt.id).where(SignInAttempt.id == self.id).with_for_update()
        with write(self.owner) as session:
            session.execute(row)
            yield

    def is_there(self) -> bool:
        with read(self.runtime.staff) as session:
            return session.get(SignInAttempt, self.id) is not None

    def blocks(self) -> bool:
        return is_blocked(self.runtime.staff)


@pytest.fixture
def obstacle(runtime: Runtime, owner: Engine) -> Obstacle:
    obstacle = Obstacle(runtime, owner)
    obstacle.put()
    return obstacle

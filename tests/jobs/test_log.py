"""The worker's lines say which job, its number and its state: never an argument or a value."""

import json
import logging

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.jobs.log import JobLog
from app.platform.database.engines import Databases
from app.platform.database.sessions import write

SECRET = "12 rue Cachée"
JOB = {"id": 7, "task_name": "geocode", "attempts": 2, "args": {"ids": [SECRET]}, "lock": SECRET}


def lines(
    capsys: pytest.CaptureFixture[str], level: int, action: str, error: BaseException | None = None
) -> list[dict[str, object]]:
    """What a record of the library becomes."""
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("procrastinate", level, __file__, 1, SECRET, (SECRET,), info)
    record.action, record.job, record.exception = action, JOB, repr(error)
    JobLog().handle(record)
    out = capsys.readouterr().out
    assert SECRET not in out
    found = [json.loads(line) for line in out.splitlines()]
    for line in found:
        assert line.pop("at")
    return found


def test_a_state_is_a_line_of_name_number_tries_and_state(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = {"event": "job", "job": "geocode", "id": 7, "tries": 2, "state": "started"}
    line["level"] = "info"
    assert lines(capsys, logging.INFO, "start_job") == [line]
    assert lines(capsys, logging.INFO, "periodic_task_deferred") == []
    assert lines(capsys, logging.DEBUG, "about_to_defer_jobs") == []


def test_an_error_is_its_name_and_where_it_came_through(
    capsys: pytest.CaptureFixture[str], databases: Databases
) -> None:
    def fail() -> None:
        with write(databases.staff) as session:
            session.execute(
                text("INSERT INTO source (id, name) VALUES (gen_random_uuid(), :name)"),
                {"name": SECRET},
            )

    with pytest.raises(IntegrityError) as caught:
        fail()
    [line] = lines(capsys, logging.ERROR, "job_error", caught.value)
    assert (line["state"], line["error"]) == ("failed", "NotNullViolation")
    plain = ValueError(SECRET)
    [line] = lines(capsys, logging.INFO, "job_error_retry", plain)
    assert (line["state"], line["error"]) == ("to retry", "ValueError")


def test_what_is_no_job_is_said_by_its_name_alone(capsys: pytest.CaptureFixture[str]) -> None:
    [line] = lines(capsys, logging.ERROR, "side_task_failed", ValueError(SECRET))
    assert line == {
        "event": "library",
        "said_by": "procrastinate",
        "said_at": "test_log:1",
        "level": "error",
        "error": "ValueError",
    }

"""The page of what runs in the background: who sees it, what it shows, and what failed again."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.models import Role
from app.models.job import Job
from app.platform.database.sessions import read, write
from app.platform.queue.deferring import defer
from app.platform.queue.reading import count_by_state
from tests.desk.bureau import Bureau

ALLOWED = (Role.ADMINISTRATEUR, Role.CURATEUR)
TO = text(
    "UPDATE jobs.procrastinate_jobs SET status = CAST(:state AS jobs.procrastinate_job_status)"
)


@pytest.fixture
def jobs(bureau: Bureau) -> Iterator[dict[str, int]]:
    """A job of each state, by state."""
    numbers = {}
    with write(bureau.databases.staff) as session:
        for state in ("failed", "succeeded", "doing", "todo"):
            # As the worker does it, the last one deferred stays as it is.
            steps = {"todo": (), "doing": ("doing",)}.get(state, ("doing", state))
            numbers[state] = defer(session, Job.GEOCODE, uuid4())
            for step in steps:
                # The lock of its name is for one that runs.
                session.execute(
                    text(f"{TO.text}, lock = NULL WHERE id = :id"),
                    {"state": step, "id": numbers[state]},
                )
    yield numbers
    with write(bureau.databases.staff) as session:
        session.execute(text("DELETE FROM jobs.procrastinate_jobs"))


@pytest.mark.parametrize("role", Role)
def test_those_who_keep_the_service_see_the_jobs(bureau: Bureau, role: Role) -> None:
    page = bureau.signed_in(role).get("/gestion/travaux")
    assert page.status_code == (200 if role in ALLOWED else 403)
    if role in ALLOWED:
        assert "Rien n’a encore été fait" in page.text
        assert "Personne n’y travaille en ce moment" in page.text


@pytest.mark.parametrize("role", Role)
def test_only_those_start_one_again(bureau: Bureau, jobs: dict[str, int], role: Role) -> None:
    answer = bureau.signed_in(role).post(f"/gestion/travaux/{jobs['failed']}/recommencer")
    assert answer.status_code == (303 if role in ALLOWED else 403)
    with read(bureau.databases.staff) as session:
        assert count_by_state(session).get("failed", 0) == (0 if role in ALLOWED else 1)


def test_the_page_counts_and_lists_by_state(bureau: Bureau, jobs: dict[str, int]) -> None:
    page = bureau.signed_in(Role.CURATEUR).get("/gestion/travaux").text
    for title in ("Échoués", "En cours", "En attente", "Faits"):
        assert f"{title}&nbsp;:&nbsp;<strong>1</strong>" in page
    for number in jobs.values():
        assert f'<td class="desk-number" data-title="N°">{number}</td>' in page
    assert page.count("/recommencer") == 1
    assert f"/gestion/travaux/{jobs['failed']}/recommencer" in page
    assert "Recherche des coordonnées" in page


def test_a_worker_that_lives_is_no_longer_missed(bureau: Bureau) -> None:
    with write(bureau.databases.staff) as session:
        session.execute(text("INSERT INTO jobs.procrastinate_workers DEFAULT VALUES"))
    page = bureau.signed_in(Role.CURATEUR).get("/gestion/travaux").text
    with write(bureau.databases.staff) as session:
        session.execute(text("DELETE FROM jobs.procrastinate_workers"))
    assert "Personne n’y travaille" not in page


def test_what_is_started_again_is_noted_and_done_once(bureau: Bureau, jobs: dict[str, int]) -> None:
    browser = bureau.signed_in(Role.ADMINISTRATEUR)
    path = f"/gestion/travaux/{jobs['failed']}/recommencer"
    there = browser.post(path).headers["location"]
    assert "Le travail recommence." in browser.get(there).text
    journal = browser.get("/gestion/journal?geste=job_started_again").text
    assert "Travail recommencé" in journal
    assert "Recherche des coordonnées" in journal
    again = browser.post(path)
    assert again.status_code == 409
    assert "n’est pas en échec" in again.text


@pytest.mark.parametrize("number", ["0", "-1", "x", "9223372036854775807", "99999999999999999999"])
def test_a_job_that_is_none_is_no_error_of_ours(bureau: Bureau, number: str) -> None:
    answer = bureau.signed_in(Role.CURATEUR).post(f"/gestion/travaux/{number}/recommencer")
    assert 400 <= answer.status_code < 500


@pytest.mark.slow
def test_today_counts_what_failed_for_those_who_may_act(
    bureau: Bureau, jobs: dict[str, int]
) -> None:
    for role in Role:
        page = bureau.signed_in(role).get("/gestion").text
        assert ("travail en arrière-plan a échoué" in page) is (role in ALLOWED)

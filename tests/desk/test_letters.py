"""Letters at the desk: written, looked at, tried, approved by another person, sent, withdrawn."""

import re
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text

from app.letters.mail import STYLE_DIGEST
from app.models import Letter, LetterMail, Role
from app.models.job import JOBS, Job
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from tests.desk.asked import runtime as runtime_of
from tests.desk.bureau import Browser, Bureau
from tests.makers_agenda import BEGINS, announced, withdrawn
from tests.makers_letters import MONTH, SITE, approved, forget_all, status
from tests.short_lists import SHELTER, csv, run

PAGE = f"/gestion/lettres/{MONTH}"
HIDDEN = "Rendez-vous au 10, rue Cachée."


@pytest.fixture
def runtime(bureau: Bureau) -> Iterator[Runtime]:
    """A service that sends, and whose clock is before the events of a test."""
    desk, before = bureau.app.state.desk, bureau.clock.at
    settings = desk.settings.model_copy(
        update={"public_url": SITE, "smtp_url": SecretStr("smtp://127.0.0.1:9")}
    )
    bureau.app.state.desk = replace(desk, settings=settings)
    bureau.clock.at = BEGINS.replace(month=2)
    runtime = runtime_of(bureau)
    forget_all(runtime)
    yield runtime
    bureau.app.state.desk, bureau.clock.at = desk, before
    forget_all(runtime)
    with write(runtime.staff) as session:
        session.execute(text("DELETE FROM agenda_record"))


def version(browser: Browser) -> str:
    (found,) = set(re.findall(r'name="vu" value="(\w*)"', browser.get(PAGE).text))
    return str(found)


def began(browser: Browser) -> None:
    assert browser.post("/gestion/lettres", {"mois": MONTH}).status_code == 303


def saved(browser: Browser, **fields: object) -> int:
    given = {"vu": version(browser), **fields}
    return browser.post(PAGE, given).status_code


def jobs(runtime: Runtime, job: Job) -> int:
    with read(runtime.staff) as session:
        return len(session.execute(select(JOBS.c.id).where(JOBS.c.task_name == job.value)).all())


@pytest.mark.slow
def test_a_letter_is_written_looked_at_and_sent_by_another(
    bureau: Bureau, runtime: Runtime
) -> None:
    event = announced(runtime, title="Webinaire sentinelle")
    writer, reader = bureau.signed_in(Role.CURATEUR), bureau.signed_in(Role.ADMINISTRATEUR)
    began(writer)
    assert "Webinaire sentinelle" in writer.get(PAGE).text
    assert saved(writer, nouveau="**Bonjour**", ajout=f"event:{event}") == 303
    mail = writer.get(f"{PAGE}/apercu")
    assert "<strong>Bonjour</strong>" in mail.text
    assert f"{SITE}/agenda/{event}" in mail.text
    alone = writer.get(f"{PAGE}/apercu?forme=lien").text
    assert f"{SITE}/lettres/{MONTH}" in alone
    assert "Bonjour</strong>" not in alone
    given = {"vu": version(writer), "geste": "soumettre", "ordre": ["2", "1"]}
    given |= {"bloc": ["words", f"event:{event}"], "texte": ["Après.", ""]}
    assert writer.post(PAGE, given).status_code == 303
    page = reader.get(PAGE).text
    # Somebody else's order, and what only a curateur writes.
    assert page.index("Webinaire sentinelle") < page.index("Après.")
    assert "Ajouter un texte" not in page
    assert 'class="desk-rail__count">1' in page
    own = writer.post(f"{PAGE}/envoyer", {"vu": version(writer)})
    assert own.status_code == 403
    assert "Un second regard" in own.text
    assert status(runtime) == "waiting"
    before = jobs(runtime, Job.LETTER)
    assert reader.post(f"{PAGE}/envoyer", {"vu": version(reader)}).status_code == 303
    assert status(runtime) == "going"
    assert jobs(runtime, Job.LETTER) >= max(before, 1)
    # What has left is not written anew.
    assert writer.post(PAGE, {"vu": "x", "nouveau": "Autre."}).status_code == 409
    assert writer.post(f"{PAGE}/retirer").status_code == 303
    assert status(runtime) == "withdrawn"


def test_a_letter_that_leaves_says_how_many_left_and_where_it_is_read(
    bureau: Bureau, runtime: Runtime
) -> None:
    approved(runtime)
    with write(runtime.staff) as session:
        letter = session.scalars(select(Letter.id)).one()
        for mark, state in (b"1", "gone"), (b"2", "gone"), (b"3", "refused"):
            mail = LetterMail(letter_id=letter, subscriber_id=uuid4(), mark=mark, status=state)
            mail.due_at = bureau.clock.at
            session.add(mail)
    browser = bureau.signed_in()
    page = browser.get(PAGE).text
    assert "2 parties" in page
    assert "1 refusée par son serveur" in page
    assert f'href="/lettres/{MONTH}"' in page
    assert "Ce qui se lira" not in page
    assert "en cours d’envoi" in browser.get("/gestion/lettres").text


def test_a_preview_runs_nothing_and_loads_nothing(bureau: Bureau, runtime: Runtime) -> None:
    writer = bureau.signed_in(Role.CURATEUR)
    began(writer)
    hostile = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>"
    assert saved(writer, nouveau=hostile) == 303
    mail = writer.get(f"{PAGE}/apercu")
    policy = mail.headers["content-security-policy"]
    assert policy == (
        f"default-src 'none'; style-src {STYLE_DIGEST}; sandbox; frame-ancestors 'self'"
    )
    for page in (mail.text, writer.get(PAGE).text):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript' not in page
    whole = writer.get(PAGE)
    assert "frame-src 'self'" in whole.headers["content-security-policy"]
    assert re.search(r'<iframe class="desk-letter" src="[^"]+" sandbox ', whole.text)


def test_a_text_that_names_a_hidden_place_is_not_stored(bureau: Bureau, runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    writer = bureau.signed_in(Role.CURATEUR)
    began(writer)
    event = announced(runtime, title="Webinaire sentinelle")
    saved(writer, ajout=f"event:{event}")
    sent = {"ordre": "1", "bloc": f"event:{event}", "texte": ""}
    refused = writer.post(PAGE, {"vu": version(writer), "nouveau": HIDDEN, **sent})
    assert refused.status_code == 422
    # By the number that it has in the form.
    (said,) = re.findall(r"<li>(.*Texte \d.*)</li>", refused.text)
    assert "Texte 2" in said
    # It is in the form still, and nowhere else.
    assert HIDDEN in refused.text
    assert HIDDEN not in writer.get(PAGE).text


def test_what_was_withdrawn_since_is_said_and_drops_out(bureau: Bureau, runtime: Runtime) -> None:
    event = announced(runtime, title="Webinaire sentinelle")
    writer = bureau.signed_in(Role.CURATEUR)
    began(writer)
    saved(writer, nouveau="Bonjour.", ajout=f"event:{event}")
    withdrawn(runtime, event)
    page = writer.get(PAGE).text
    assert "N’est plus publié" in page
    assert "Webinaire sentinelle" not in page
    assert "Webinaire sentinelle" not in writer.get(f"{PAGE}/apercu").text


@pytest.mark.parametrize("given", ["", "2027-3", "2027-13", "1999-01", "<b>"])
def test_a_month_is_a_month(bureau: Bureau, runtime: Runtime, given: str) -> None:
    writer = bureau.signed_in(Role.CURATEUR)
    assert writer.post("/gestion/lettres", {"mois": given}).status_code == 422


def test_a_month_has_one_letter_that_two_do_not_write_at_once(
    bureau: Bureau, runtime: Runtime
) -> None:
    writer = bureau.signed_in(Role.CURATEUR)
    began(writer)
    again = writer.post("/gestion/lettres", {"mois": MONTH})
    assert again.status_code == 409
    assert "existe déjà" in again.text
    seen = version(writer)
    assert saved(writer, nouveau="Un.") == 303
    late = writer.post(PAGE, {"vu": seen, "nouveau": "Deux."})
    assert late.status_code == 409
    assert "Deux." in late.text
    # Nor does a second press write over what somebody else wrote, whatever was wrong at first.
    long = writer.post(PAGE, {"vu": seen, "nouveau": "x" * 5_001})
    assert long.status_code == 422
    for page in (late, long):
        again = re.findall(r'name="vu" value="(\w*)"', page.text)[0]
        assert writer.post(PAGE, {"vu": again, "nouveau": "Deux."}).status_code == 409
    assert "Un." in writer.get(PAGE).text


def test_a_letter_has_so_many_parts_and_none_is_dropped_in_silence(
    bureau: Bureau, runtime: Runtime
) -> None:
    writer = bureau.signed_in(Role.CURATEUR)
    began(writer)
    texts = [f"Texte {n}." for n in range(61)]
    sent = {"ordre": ["1"] * 60, "bloc": ["words"] * 60, "texte": texts[:60]}
    whole = writer.post(PAGE, {"vu": version(writer), "nouveau": texts[60], **sent})
    assert whole.status_code == 422
    assert "60 parties au plus" in whole.text
    assert texts[60] in whole.text
    # A number that nobody can read takes nothing out; none does.
    sent = {"ordre": ["1o", "", "0"], "bloc": ["words"] * 3, "texte": texts[:3]}
    assert saved(writer, **sent) == 303
    page = writer.get(PAGE).text
    assert page.index(texts[2]) < page.index(texts[0])
    assert texts[1] not in page


def test_a_draft_is_sent_by_nobody(bureau: Bureau, runtime: Runtime) -> None:
    writer, reader = bureau.signed_in(Role.CURATEUR), bureau.signed_in(Role.CURATEUR)
    began(writer)
    saved(writer, nouveau="Bonjour, je n’ai pas fini.")
    assert "Approuver et envoyer" not in reader.get(PAGE).text
    sent = reader.post(f"{PAGE}/envoyer", {"vu": version(reader)})
    assert sent.status_code == 409
    assert "Encore un brouillon" in sent.text
    assert status(runtime) == "draft"


def test_an_empty_letter_is_sent_by_nobody(bureau: Bureau, runtime: Runtime) -> None:
    writer, reader = bureau.signed_in(Role.CURATEUR), bureau.signed_in(Role.CURATEUR)
    began(writer)
    assert saved(writer, geste="soumettre") == 422
    assert reader.post(f"{PAGE}/envoyer", {"vu": version(reader)}).status_code == 422
    assert status(runtime) == "draft"


def test_a_trial_is_asked_of_the_worker(bureau: Bureau, runtime: Runtime) -> None:
    writer = bureau.signed_in(Role.CURATEUR)
    began(writer)
    saved(writer, nouveau="Bonjour.")
    before = jobs(runtime, Job.LETTER_TEST)
    assert writer.post(f"{PAGE}/essai").status_code == 303
    assert jobs(runtime, Job.LETTER_TEST) == before + 1


def test_nothing_is_sent_where_no_server_is_set(bureau: Bureau, runtime: Runtime) -> None:
    writer, reader = bureau.signed_in(Role.CURATEUR), bureau.signed_in(Role.CURATEUR)
    began(writer)
    saved(writer, nouveau="Bonjour.")
    desk = bureau.app.state.desk
    settings = desk.settings.model_copy(update={"smtp_url": None})
    bureau.app.state.desk = replace(desk, settings=settings)
    for deed in ("essai", "envoyer"):
        answer = reader.post(f"{PAGE}/{deed}", {"vu": version(reader)})
        assert answer.status_code == 409
        assert "MESURE23_SMTP_URL" in answer.text


@pytest.mark.parametrize("role", [Role.REFERENT_DEPARTEMENT, Role.REFERENT_ETAT])
def test_letters_are_of_the_team_of_france(bureau: Bureau, runtime: Runtime, role: Role) -> None:
    began(bureau.signed_in(Role.CURATEUR))
    browser = bureau.signed_in(role)
    for path in ("/gestion/lettres", PAGE, f"{PAGE}/apercu"):
        assert browser.get(path).status_code == 403
    assert browser.post(f"{PAGE}/envoyer", {"vu": "x"}).status_code == 403
    assert bureau.signed_in(Role.ADMINISTRATEUR).post(PAGE, {"vu": "x"}).status_code == 403
    assert bureau.signed_in(Role.CURATEUR).get("/gestion/lettres/2099-01").status_code == 404

"""A member writes to another one: what leaves, to whom, and what neither learns of the other."""

import pytest

from app.audit.journal import Author
from app.models import Account, Role
from app.network import members, messages
from app.platform.database.sessions import write
from app.records import acts
from app.runtime.staff import Runtime
from tests.desk.access_asked import mails
from tests.desk.bureau import ORIGIN, Browser, Bureau
from tests.desk.network.conftest import Joined
from tests.desk.network.written import DESK, RECEIVED, ROOM, TEXT, rows, send_to, sent_one
from tests.makers import decide
from tests.networked import leaves, public_id_of, says, works_for
from tests.short_lists import csv, run


@pytest.mark.slow
def test_a_text_leaves_once_and_neither_reads_the_address_of_the_other(
    bureau: Bureau, runtime: Runtime, joined: Joined
) -> None:
    (writer, browser), (reader, other) = joined(), joined()
    says(runtime, writer.id, function="soin", mail="a-moi@example.org", phone="0199000001")
    assert writer.mail not in other.get(f"{ROOM}/membres/{writer.id}").text
    answer = send_to(browser, reader)
    assert answer.headers["location"] == f"{ROOM}/membres/{reader.id}?fait=ecrit"
    page = browser.get(answer.headers["location"]).text
    assert "C’est noté" in page
    assert reader.mail not in page
    (sent,) = mails(bureau)
    said = sent.get_content()
    assert sent["To"] == reader.mail
    assert f"> {TEXT}" in said
    assert "Camille Exemple (Médecin, soin) vous écrit" in said
    assert f"{ORIGIN}{ROOM}/membres/{writer.id}" in said
    whole_mail = sent.as_string()
    for hidden in (writer.mail, "a-moi", "0199000001"):
        assert hidden not in whole_mail
    assert "seau" not in sent["Subject"]
    assert sent["From"] != writer.mail
    assert sent["Reply-To"] is None
    assert mails(bureau) == []
    # The link of the mail leads to the form by which one answers, and that goes by relay too.
    assert "Envoyer" in other.get(f"{ROOM}/membres/{writer.id}").text
    assert send_to(other, writer, "Oui, volontiers.").status_code == 303
    (back,) = mails(bureau)
    assert back["To"] == writer.mail
    assert reader.mail not in back.as_string()
    assert TEXT in other.get(RECEIVED).text
    assert TEXT not in browser.get(RECEIVED).text


@pytest.mark.slow
def test_no_answer_says_whether_somebody_is_blocked_or_a_text_leaves(
    bureau: Bureau, joined: Joined
) -> None:
    (writer, browser), (reader, other) = joined(), joined()
    before = send_to(browser, reader)
    assert len(mails(bureau)) == 1
    page = browser.get(before.headers["location"]).text
    blocked = other.post(f"{ROOM}/membres/{writer.id}/bloquer", {"bloquer": "true"})
    assert blocked.status_code == 303
    after = send_to(browser, reader)
    assert (after.status_code, after.headers["location"]) == (303, before.headers["location"])
    assert browser.get(after.headers["location"]).text == page
    assert mails(bureau) == []
    assert [each.state for each in rows(bureau)] == ["left", "never"]
    # Whoever blocks writes to them no more either, and may take it back.
    assert send_to(other, writer).status_code == 409
    other.post(f"{ROOM}/membres/{writer.id}/bloquer", {"bloquer": "false"})
    send_to(browser, reader)
    assert len(mails(bureau)) == 1


@pytest.mark.parametrize("whose", ["sender", "recipient"])
@pytest.mark.parametrize("became", ["left", "excluded", "disabled", "blocked"])
def test_what_waits_does_not_leave_once_either_is_no_member(
    bureau: Bureau, runtime: Runtime, joined: Joined, whose: str, became: str
) -> None:
    (writer, browser), (reader, _) = joined(), joined()
    send_to(browser, reader)
    of = (writer if whose == "sender" else reader).id
    with write(bureau.databases.staff) as session:
        if became == "excluded":
            members.exclude(session, bureau.vault, Author("os:essai"), of, bureau.clock.at)
        elif became == "disabled":
            session.get_one(Account, of).disabled_at = bureau.clock.at
        elif became == "blocked":
            messages.block(session, reader.id, writer.id, bureau.clock.at)
    if became == "left":
        leaves(runtime, of)
    assert mails(bureau) == []
    (row,) = rows(bureau)
    assert row.state == "never"


@pytest.mark.slow
@pytest.mark.parametrize("secret", [False, True])
def test_what_is_said_of_who_writes_is_what_may_be_read_as_it_leaves(
    bureau: Bureau, runtime: Runtime, joined: Joined, secret: bool
) -> None:
    (writer, browser), (reader, _) = joined(), joined()
    name = "Relais du nord" if secret else "Relais du sud"
    line = f"{name};Association;{9 + secret} rue Quinte;93300;Aubervilliers;01990000{64 + secret};"
    run(runtime, csv(line), source=name)
    actor = public_id_of(runtime, name)
    works_for(runtime, writer.id, actor)
    says(runtime, writer.id, function="soin", function_text="Cheffe du relais")
    for hidden in (False, True):
        send_to(browser, reader)
        if hidden:
            decide(runtime, acts.protect, actor, who="essai", why="menaces", secret=secret)
        (sent,) = mails(bureau)
        said = sent.get_content()
        assert "Camille Exemple" in said
        for telling in (name, "Cheffe du relais"):
            assert (telling in said) is not hidden
        # The neutral name of a protected one, as its page has it; nothing of a secret one.
        assert ("– Seine-Saint-Denis" in said) is (hidden and not secret)


@pytest.mark.slow
def test_a_text_that_names_a_hidden_place_does_not_leave(
    bureau: Bureau, runtime: Runtime, joined: Joined
) -> None:
    (_, browser), (reader, other) = joined(), joined()
    name = "Relais nommé"
    run(
        runtime,
        csv(f"{name};Association;11 rue Sixte;93300;Aubervilliers;0199000062;"),
        source=name,
    )
    named = "Passez au 11 rue Sixte à Aubervilliers."
    send_to(browser, reader, named)
    assert len(mails(bureau)) == 1
    assert "Sixte" in other.get(RECEIVED).text
    answer = send_to(browser, reader, named)
    actor = public_id_of(runtime, name)
    decide(runtime, acts.protect, actor, who="essai", why="menaces")
    assert mails(bureau) == []
    # Nor does what left before stay to be read.
    assert "Sixte" not in other.get(RECEIVED).text
    again = send_to(browser, reader, named)
    assert (again.status_code, again.headers["location"]) == (303, answer.headers["location"])
    assert mails(bureau) == []


@pytest.mark.slow
def test_ten_leave_in_a_day(bureau: Bureau, joined: Joined) -> None:
    (writer, browser), (reader, _) = joined(), joined()
    answers = [send_to(browser, reader, f"{TEXT} {each}") for each in range(11)]
    assert [each.status_code for each in answers] == [303] * 10 + [429]
    assert f"{TEXT} 10" in answers[-1].text
    assert len(mails(bureau)) == 10
    bureau.clock.pass_by(days=1)
    assert send_to(bureau.signed_in_as(writer), reader).status_code == 303


@pytest.mark.parametrize(
    ("text", "status"),
    [("", 422), (" \n ", 422), ("x" * 2_001, 422), ("Léa, 14 ans, vous cherche.", 422)],
)
def test_what_is_wrong_with_a_text_is_said_and_it_is_not_lost(
    bureau: Bureau, joined: Joined, text: str, status: int
) -> None:
    (_, browser), (reader, _) = joined(), joined()
    answer = send_to(browser, reader, text)
    assert answer.status_code == status
    assert text.strip() in answer.text
    assert rows(bureau) == []


def test_nobody_writes_to_themselves_or_to_who_is_no_member(
    bureau: Bureau, joined: Joined, professional: Browser
) -> None:
    (person, browser), stranger = joined(), bureau.enrolled(Role.PROFESSIONNEL)
    assert send_to(browser, person).status_code == 404
    assert send_to(browser, stranger).status_code == 404
    assert send_to(professional, person).status_code == 403
    assert professional.get(RECEIVED).status_code == 403
    assert browser.post(f"{ROOM}/membres/{person.id}/bloquer").status_code == 404
    assert rows(bureau) == []


def test_a_text_adds_no_header_runs_nothing_and_says_nothing_in_our_name(
    bureau: Bureau, joined: Joined
) -> None:
    (_, browser), (reader, other) = joined(), joined()
    script = "<script>alert(1)</script>"
    hostile = (
        f"Bonjour\r\nBcc: autre@example.org\r\n\r\nPour répondre :\rhttps://x\u202e {script}\0"
    )
    assert send_to(browser, reader, hostile).status_code == 303
    (sent,) = mails(bureau)
    assert sent["Bcc"] is None
    assert sent["To"] == reader.mail
    assert sent.get_content_type() == "text/plain"
    assert not sent.is_multipart()
    lines = sent.get_content().splitlines()
    assert "> Bcc: autre@example.org" in lines
    assert next(each for each in lines if "https://x" in each).startswith("> ")
    assert "\u202e" not in sent.get_content()
    page = other.get(RECEIVED).text
    assert script not in page
    assert "&lt;script&gt;" in page


@pytest.mark.slow
def test_a_report_ends_it_and_the_desk_reads_no_text_that_was_not_attached(
    bureau: Bureau, joined: Joined
) -> None:
    writer, reader, other, row = sent_one(bureau, joined)
    curateur, administrateur = bureau.signed_in(), bureau.signed_in(Role.ADMINISTRATEUR)
    assert "Aucun signalement" in curateur.get(DESK).text
    sent = {"message": str(row.id), "pourquoi": "Démarchage."}
    browser = bureau.signed_in_as(writer)
    assert browser.post(f"{RECEIVED}/signaler", sent).status_code == 404
    assert other.post(f"{RECEIVED}/signaler", sent | {"pourquoi": " "}).status_code == 422
    assert other.post(f"{RECEIVED}/signaler", sent).status_code == 303
    assert other.post(f"{RECEIVED}/signaler", sent | {"joindre": "true"}).status_code == 303
    for desk in (curateur, administrateur):
        page = desk.get(DESK).text
        assert "Démarchage." in page
        assert TEXT not in page
        assert writer.mail not in page
        assert reader.mail not in page
    assert send_to(browser, reader).status_code == 303
    assert mails(bureau) == []
    assert bureau.signed_in(Role.REFERENT_ETAT).get(DESK).status_code == 403
    assert other.get(DESK).status_code == 403
    done = {"signalement": str(row.id)}
    assert curateur.post(f"{DESK}/signalements", done).status_code == 303
    assert curateur.post(f"{DESK}/signalements", done).status_code == 404
    assert "Démarchage." not in curateur.get(DESK).text


@pytest.mark.slow
def test_an_attached_text_is_read_at_the_desk_unless_it_names_somebody_hidden_since(
    bureau: Bureau, runtime: Runtime, joined: Joined
) -> None:
    (_, browser), (reader, other) = joined(), joined()
    name = "Relais signalé"
    run(
        runtime,
        csv(f"{name};Association;12 rue Octave;93300;Aubervilliers;0199000063;"),
        source=name,
    )
    send_to(browser, reader, "Venez au 12 rue Octave à Aubervilliers, vite.")
    mails(bureau)
    sent = {"message": str(rows(bureau)[0].id), "pourquoi": "Insistant.", "joindre": "true"}
    assert other.post(f"{RECEIVED}/signaler", sent).status_code == 303
    curateur = bureau.signed_in()
    assert "12 rue Octave" in curateur.get(DESK).text
    actor = public_id_of(runtime, name)
    decide(runtime, acts.protect, actor, who="essai", why="menaces")
    page = curateur.get(DESK).text
    assert "Octave" not in page
    assert "Insistant." in page

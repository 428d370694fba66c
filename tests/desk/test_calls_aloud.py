"""A call: what is read to who answers, what they correct, and who noted it first."""

import html
import re

import pytest
from sqlalchemy import delete, select

from app.models import ActorCall, Role
from app.platform.database.sessions import read, write
from app.platform.web.french import short_day
from geo.zones import paris_day
from tests.desk.actors.forms import fields, send
from tests.desk.bureau import Browser, Bureau
from tests.desk.test_calls import HERE, actor, call, due, lapse, listed

__all__ = ["due"]
NAME = "Association ancienne"
# The others do without it: it stays archived.
PARISIAN = "Association parisienne"
LINE = re.compile(r'<li class="desk-review__line.*?</li>', re.DOTALL)
FORM = re.compile(r'href="(/gestion/acteurs/\w+/modifier\?appel=[^"]+)"')


def line_of(browser: Browser, public_id: str, query: str = "") -> str:
    page = browser.get(f"{HERE}{query}").text.replace("\u00a0", " ")
    (line,) = (each for each in LINE.findall(page) if f'id="a-{public_id}"' in each)
    return html.unescape(line)


def form_of(line: str) -> str:
    (found,) = FORM.findall(line)
    return str(found)


def calls(bureau: Bureau) -> list[tuple[str, str]]:
    """What came of each call, and who noted it."""
    with read(bureau.databases.staff) as session:
        rows = session.execute(select(ActorCall.result, ActorCall.who).order_by(ActorCall.at))
        return [(row.result, row.who) for row in rows]


def test_what_the_sheet_says_is_read_aloud_each_with_its_day(
    bureau: Bureau, curateur: Browser, due: dict[str, str]
) -> None:
    line = line_of(curateur, due[NAME])
    today = f"dit le {short_day(paris_day(bureau.clock.at))}"
    for said in ("Association", "1 rue Ancienne", "93000 Bobigny", "01 99 00 03 01"):
        assert said in line
    read_aloud = re.search(r'<dl class="desk-aloud">(.*?)</dl>', line, re.DOTALL)
    assert read_aloud
    labels = re.findall(r"<dt>(.*?)</dt>", read_aloud[1])
    # Its address says the town.
    assert labels == ["Catégorie", "Adresse"]
    assert read_aloud[1].count(today) == 2
    assert line.count(today) == 3


@pytest.mark.slow
def test_hours_are_read_aloud_in_words(
    bureau: Bureau, curateur: Browser, due: dict[str, str]
) -> None:
    form = f"/gestion/acteurs/{due[NAME]}/modifier"
    said = {"opening_hours": "du lundi au vendredi de 9h à 17h"}
    assert send(curateur, form, fields(curateur.get(form)), said).status_code == 303
    lapse(bureau)
    assert re.search(
        r"<dt>Horaires</dt><dd>.*lundi.*17 h",
        line_of(curateur, due[NAME]),
        re.DOTALL | re.IGNORECASE,
    )


def test_nothing_of_a_masked_one_is_read_before_it_is_open(
    curateur: Browser, due: dict[str, str]
) -> None:
    public_id = due["Lieu d'accueil – Seine-Saint-Denis"]
    line = line_of(curateur, public_id)
    for word in ("desk-aloud", "rue Cachée", "Bobigny", "MECS", "01 99 00 03 04", "vérifiée le"):
        assert word not in line
    assert not FORM.findall(line)
    curateur.post(f"/gestion/acteurs/{public_id}/ouvrir")
    line = line_of(curateur, public_id)
    assert "rue Cachée" in line
    assert "01 99 00 03 04" in line


@pytest.mark.slow
def test_what_somebody_corrects_on_the_telephone_is_noted_as_the_form_is_saved(
    bureau: Bureau, curateur: Browser, due: dict[str, str]
) -> None:
    public_id = due[NAME]
    path = form_of(line_of(curateur, public_id, "?territoire=93"))
    page = curateur.get(path)
    said = {"phones": "01 99 00 03 21"}
    # Who only says so renews no day.
    assert curateur.post(f"{HERE}/{public_id}", {"reponse": "corrige"}).status_code == 422
    sent = send(curateur, path, fields(page), said)
    location = sent.headers["location"]
    assert location.startswith(f"{HERE}?fait=corrige&appel=")
    assert "&territoire=93" in location
    onward = path.partition("suivant=")[2]
    assert location.endswith(f"#a-{onward}" if onward else "territoire=93")
    corrected = actor(bureau, NAME)
    assert (corrected.phones, corrected.verified_on) == (
        ["+33199000321"],
        paris_day(bureau.clock.at),
    )
    assert [each for each, _ in calls(bureau)] == ["corrected"]
    assert public_id not in listed(curateur)
    assert "vérifiée d’aujourd’hui" in curateur.get(location).text


@pytest.mark.slow
def test_what_was_corrected_on_the_telephone_is_taken_back_with_its_call(
    bureau: Bureau, curateur: Browser, due: dict[str, str]
) -> None:
    before = actor(bureau, PARISIAN)
    path = form_of(line_of(curateur, due[PARISIAN]))
    sent = send(curateur, path, fields(curateur.get(path)), {"phones": "01 99 00 03 44"})
    page = curateur.get(sent.headers["location"]).text
    (call_id,) = re.findall(r'name="appel" value="([^"]+)"', page)
    answer = curateur.post(f"{HERE}/annuler", {"appel": call_id})
    assert "La correction est annulée" in curateur.get(answer.headers["location"]).text
    after = actor(bureau, PARISIAN)
    assert (after.phones, after.verified_on) == (before.phones, before.verified_on)
    assert calls(bureau) == []


def test_a_form_in_which_nothing_changed_notes_no_call(
    bureau: Bureau, curateur: Browser, due: dict[str, str]
) -> None:
    path = form_of(line_of(curateur, due[NAME]))
    sent = send(curateur, path, fields(curateur.get(path)), {})
    assert sent.headers["location"] == f"{HERE}?fait=inchange#a-{due[NAME]}"
    assert calls(bureau) == []
    assert due[NAME] in listed(curateur)


@pytest.mark.slow
def test_a_form_of_a_call_is_saved_though_its_actor_was_archived_meanwhile(
    bureau: Bureau, curateur: Browser, due: dict[str, str]
) -> None:
    path = form_of(line_of(curateur, due[PARISIAN]))
    page = curateur.get(path)
    lot = {"acteur": due[PARISIAN], "geste": "archiver"}
    assert curateur.post("/gestion/acteurs/lot", lot).status_code == 303
    said = {"phones": "01 99 00 03 33"}
    again = send(curateur, path, fields(page), said)
    assert again.status_code == 409
    sent = send(curateur, path, fields(again), said)
    assert sent.status_code == 303, sent.text
    assert sent.headers["location"].startswith(f"/gestion/acteurs/{due[PARISIAN]}")
    assert actor(bureau, PARISIAN).phones == ["+33199000333"]
    assert calls(bureau) == []


@pytest.mark.parametrize(
    ("first", "second"), [("juste", "faux"), ("faux", "juste"), ("juste", "silence")]
)
def test_of_two_who_say_otherwise_the_first_stands_and_the_second_reads_who_said_what(
    bureau: Bureau, curateur: Browser, due: dict[str, str], first: str, second: str
) -> None:
    public_id = due[NAME]
    call(curateur, public_id, first)
    before = actor(bureau, NAME).verified_on, calls(bureau)
    other = bureau.signed_in(Role.CURATEUR).post(f"{HERE}/{public_id}", {"reponse": second})
    assert other.status_code == 409
    said = {"juste": "juste", "faux": "numéro faux"}[first]
    assert f"a déjà noté cet appel : « {said} »" in other.text.replace("\u00a0", " ")
    assert f'<a class="button" href="{HERE}">' in other.text
    assert (actor(bureau, NAME).verified_on, calls(bureau)) == before


@pytest.mark.slow
def test_a_correction_is_saved_though_somebody_else_noted_the_call(
    bureau: Bureau, curateur: Browser, due: dict[str, str]
) -> None:
    path = form_of(line_of(curateur, due[NAME]))
    page = curateur.get(path)
    call(bureau.signed_in(Role.CURATEUR), due[NAME], "faux")
    sent = send(curateur, path, fields(page), {"phones": "01 99 00 03 22"})
    assert sent.headers["location"] == f"{HERE}?fait=note"
    assert actor(bureau, NAME).phones == ["+33199000322"]
    assert [each for each, _ in calls(bureau)] == ["wrong"]


@pytest.mark.slow
def test_a_call_is_taken_back_only_where_it_can_be(
    bureau: Bureau, curateur: Browser, due: dict[str, str]
) -> None:
    before, undo = bureau.clock.at, f'action="{HERE}/annuler'
    older = call(curateur, due[NAME], "silence")
    assert undo in curateur.get(older).text
    with write(bureau.databases.staff) as session:
        session.execute(delete(ActorCall))
    assert undo not in curateur.get(older).text
    # Its sheet was written since.
    recent = due["Association récente"]
    right = call(curateur, recent, "juste")
    assert undo in curateur.get(right).text
    path = f"/gestion/acteurs/{recent}/modifier"
    changed = send(curateur, path, fields(curateur.get(path)), {"description": "Autre chose."})
    assert changed.status_code == 303
    assert undo not in curateur.get(right).text
    # An hour passed; who is signed in works on meanwhile.
    later = call(curateur, due[NAME], "silence")
    try:
        for _ in range(3):
            bureau.clock.pass_by(minutes=21)
            page = curateur.get(later)
        assert page.status_code == 200
        assert undo not in page.text
    finally:
        bureau.clock.at = before

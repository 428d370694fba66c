"""What is asked of a geocoder, what never is, and what becomes of its answers."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.geocoding import batch as step
from app.geocoding.batch import Geocoded, geocode
from app.models import Actor, ActorProtected, Geocoding, Revision
from app.runtime.staff import Runtime
from geo.trust import judge as trusted
from tests.geocoding.geocoder_peer import LON, Peer
from tests.geocoding.geocoder_peer import latitude as at
from tests.short_lists import csv, run

FOUND = "Trouvée;Association;12 rue de l'Exemple;93000;Bobigny;01 99 00 00 01;"
DOUBTFUL = "Douteuse;Association;3 rue Douteuse;93000;Bobigny;01 99 00 00 02;"
LOST = "Perdue;Association;4 rue Perdue;93000;Bobigny;01 99 00 00 03;"
UNKNOWN = "Inconnue;Association;5 rue Inconnue;93000;Bobigny;01 99 00 00 04;"
SHELTER = "Foyer fictif;MECS;77 rue Cachée;93000;Bobigny;01 99 00 00 10;"
BESIDE = "Voisine;Association;77 rue Cachée;93000;Bobigny;01 99 00 00 11;"
UNCLASSED = "Lieu;inconnue;88 rue Secrète;93000;Bobigny;01 99 00 00 12;"


def ask(runtime: Runtime) -> Geocoded:
    return geocode(runtime.staff, runtime.vault, runtime.settings, "essai")


def counts(outcome: Geocoded) -> tuple[int, int, int, int]:
    return (outcome.accepted, outcome.review, outcome.rejected, outcome.failed)


def placed(runtime: Runtime) -> dict[str, tuple[float, float, str | None]]:
    """Name -> longitude, latitude and precision of what has a point."""
    x, y = func.ST_X(Actor.point), func.ST_Y(Actor.point)
    with Session(runtime.staff) as session:
        rows = session.execute(
            select(Actor.name, x, y, Actor.precision).where(Actor.point.is_not(None))
        )
        return {name: (round(lon, 6), round(lat, 6), how) for name, lon, lat, how in rows}


def answers(runtime: Runtime) -> dict[str, dict[str, Any]]:
    """True name -> what is kept of the geocoder's answer, opened."""
    opened = runtime.vault.open_json
    with Session(runtime.staff) as session:
        rows = session.execute(
            select(ActorProtected, Geocoding).join(
                Geocoding, Geocoding.actor_id == ActorProtected.actor_id
            )
        )
        return {
            opened("actor_protected", sealed.actor_id, "record", sealed.record)["name"]: opened(
                "geocoding", waiting.actor_id, "answer", waiting.answer
            )
            for sealed, waiting in rows
        }


def test_an_accepted_answer_moves_the_point_and_says_how_precise_it_is(asking: Runtime) -> None:
    run(asking, csv(FOUND))
    before = placed(asking)["Trouvée"]
    assert before[2] == "commune"
    assert counts(ask(asking)) == (1, 0, 0, 0)
    assert placed(asking)["Trouvée"] == (LON, at(12), "address")
    with Session(asking.staff) as session:
        last = session.scalars(select(Revision).order_by(Revision.at.desc()).limit(1)).one()
    change = asking.vault.open_json("revision", last.id, "change", last.change)
    assert change["point"][1] == [LON, at(12), "address"]


def test_an_answer_that_is_not_trusted_is_kept_sealed_and_not_drawn(asking: Runtime) -> None:
    run(asking, csv(FOUND, DOUBTFUL, LOST, UNKNOWN))
    commune = placed(asking)["Trouvée"]
    assert counts(ask(asking)) == (1, 1, 2, 0)
    after = placed(asking)
    assert after["Trouvée"][2] == "address"
    assert {after[name] for name in ("Douteuse", "Perdue", "Inconnue")} == {commune}
    waiting = answers(asking)
    assert waiting["Douteuse"]["decision"] == "review"
    assert waiting["Douteuse"]["answer"]["city"] == "Lille"
    assert "autre commune" in waiting["Douteuse"]["reasons"][0]
    assert waiting["Inconnue"]["answer"] is None
    with Session(asking.staff) as session:
        for row in session.scalars(select(Geocoding)):
            assert b"Lille" not in row.answer


@pytest.mark.slow
def test_nothing_protected_or_unclassed_is_ever_sent(asking: Runtime, peer: Peer) -> None:
    lines = [SHELTER, BESIDE, UNCLASSED, FOUND, DOUBTFUL, LOST, UNKNOWN]
    run(asking, csv(*lines))
    ask(asking)
    run(asking, csv(*(line.replace("Bobigny;01", "Bobigny;06") for line in lines)))
    ask(asking)
    assert peer.asked, "the peer was asked nothing at all"
    everything = "\n".join(peer.seen).casefold()
    # The boundary between the parts of a form is drawn by chance, and may hold any digits.
    everything = re.sub(r"-{2}[0-9a-f]{16,}", "--", everything)
    for word in ("cach", "secr", "foyer", "voisine", "77", "88"):
        assert word not in everything, word


@pytest.mark.slow
def test_an_unchanged_address_is_asked_once_and_a_changed_one_again(
    asking: Runtime, peer: Peer
) -> None:
    lines = (FOUND, DOUBTFUL, LOST, UNKNOWN)
    run(asking, csv(*lines))
    ask(asking)
    peer.asked.clear()
    run(asking, csv(*lines))
    # Another phone is no other address.
    run(asking, csv(FOUND.replace("00 01", "00 91"), *lines[1:]))
    assert counts(ask(asking)) == (0, 0, 0, 0)
    assert peer.asked == []
    run(asking, csv(FOUND.replace("12 rue", "14 rue"), *lines[1:]))
    assert counts(ask(asking)) == (1, 0, 0, 0)
    assert peer.asked == ["14 rue de l Exemple"]
    assert placed(asking)["Trouvée"] == (LON, at(14), "address")


@pytest.mark.slow
def test_a_changed_address_leaves_the_point_of_the_old_one_until_it_is_found(
    asking: Runtime,
) -> None:
    run(asking, csv(FOUND))
    commune = placed(asking)["Trouvée"]
    ask(asking)
    moved = FOUND.replace("12 rue", "14 rue")
    run(asking, csv(moved))
    assert placed(asking)["Trouvée"] == commune
    # A later line about something else must not bring the old address's point back.
    run(asking, csv(moved.replace("00 01", "00 91")))
    assert placed(asking)["Trouvée"] == commune
    assert counts(ask(asking)) == (1, 0, 0, 0)


@pytest.mark.slow
def test_an_address_that_changes_to_one_in_doubt_stands_at_its_commune(asking: Runtime) -> None:
    run(asking, csv(FOUND))
    commune = placed(asking)["Trouvée"]
    ask(asking)
    run(asking, csv(FOUND.replace("12 rue de l'Exemple", "3 rue Douteuse")))
    assert counts(ask(asking)) == (0, 1, 0, 0)
    assert placed(asking)["Trouvée"] == commune


def test_an_unreachable_geocoder_loses_nothing_and_is_asked_later(
    asking: Runtime, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(asking, csv(FOUND))
    monkeypatch.setattr("geo.geocoder.ATTEMPTS", 1)
    outcome = ask(runtime)
    assert counts(outcome) == (0, 0, 0, 1)
    assert "injoignable" in (outcome.failure or "")
    assert placed(asking)["Trouvée"][2] == "commune"
    assert counts(ask(asking)) == (1, 0, 0, 0)


@pytest.mark.slow
def test_a_second_batch_that_fails_keeps_the_first_and_is_asked_later(
    asking: Runtime, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "BATCH", 4)
    monkeypatch.setattr("geo.geocoder.ATTEMPTS", 1)
    lines = [
        FOUND.replace("12 rue", f"{number} rue").replace("Trouvée", f"Trouvée {number}")
        for number in range(1, 13)
    ]
    run(asking, csv(*(f"{line[:-3]}{n:02};" for n, line in enumerate(lines, 10))))
    peer.status = lambda: 200 if len(peer.asked) <= 4 else 503
    progress: list[tuple[int, int]] = []
    outcome = geocode(
        asking.staff,
        asking.vault,
        asking.settings,
        "essai",
        lambda done, total: progress.append((done, total)),
    )
    assert counts(outcome) == (4, 0, 0, 8)
    assert progress[-1] == (12, 12)
    # A geocoder that is down is not tried again for each batch that is left.
    assert len(peer.asked) == 8
    assert [how for _, _, how in placed(asking).values()].count("address") == 4
    peer.status = lambda: 200
    assert counts(ask(asking)) == (8, 0, 0, 0)


def test_a_batch_that_breaks_the_step_leaves_the_batches_before_it(
    asking: Runtime, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "BATCH", 1)
    run(asking, csv(FOUND, FOUND.replace("Trouvée", "Autre").replace("00 01", "00 05")))

    def judge(*given: Any) -> Any:
        if len(peer.asked) == 2:
            raise RuntimeError("half-way")
        return trusted(*given)

    monkeypatch.setattr("app.geocoding.answers.judge", judge)
    with pytest.raises(RuntimeError, match="half-way"):
        ask(asking)
    assert sorted(str(how) for _, _, how in placed(asking).values()) == ["address", "commune"]


def test_no_transaction_is_open_while_the_geocoder_is_waited_for(
    asking: Runtime, peer: Peer
) -> None:
    run(asking, csv(FOUND))
    open_ones = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        " AND backend_type = 'client backend'"
    )
    seen: list[int] = []

    def look() -> None:
        with asking.staff.connect() as connection:
            seen.append(connection.execute(open_ones).scalar_one())

    peer.before = look
    assert counts(ask(asking)) == (1, 0, 0, 0)
    assert seen
    assert set(seen) == {0}


def test_a_place_that_turns_protected_while_the_geocoder_answers_is_not_moved(
    asking: Runtime, peer: Peer
) -> None:
    run(asking, csv(FOUND), source="associations")
    shelter = "Foyer fictif;MECS;12 rue de l'Exemple;93000;Bobigny;01 99 00 00 10;"

    def hide() -> None:
        run(asking, csv(shelter), source="foyers")

    peer.before = hide
    ask(asking)
    assert placed(asking) == {}
    with Session(asking.staff) as session:
        assert session.scalars(select(Actor.precision)).all() == [None, None]
        assert session.scalar(select(func.count()).select_from(Geocoding)) == 0


def test_a_place_that_turns_protected_before_its_batch_is_not_sent(
    asking: Runtime, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "BATCH", 1)
    lines = [
        FOUND,
        FOUND.replace("12 rue", "14 rue").replace("Trouvée", "Autre").replace("00 01", "00 05"),
    ]
    run(asking, csv(*lines), source="associations")

    def hide_the_other() -> None:
        left = "14" if "12 rue de l Exemple" in peer.asked else "12"
        shelter = f"Foyer fictif;MECS;{left} rue de l'Exemple;93000;Bobigny;01 99 00 00 10;"
        run(asking, csv(shelter), source="foyers")

    peer.before = hide_the_other
    ask(asking)
    assert len(peer.asked) == 1


def test_coordinates_of_the_list_are_not_asked_for(asking: Runtime, peer: Peer) -> None:
    data = (
        "Nom;Catégorie;Adresse;Code postal;Commune;Latitude;Longitude\r\n"
        "Placée;Association;12 rue de l'Exemple;93000;Bobigny;48.9101;2.4402\r\n"
    ).encode("cp1252")
    run(asking, data)
    assert placed(asking)["Placée"] == (2.4402, 48.9101, "address")
    assert counts(ask(asking)) == (0, 0, 0, 0)
    assert peer.asked == []


def test_an_archived_place_is_not_asked_for(asking: Runtime, peer: Peer) -> None:
    run(asking, csv(FOUND))
    with Session(asking.staff) as session, session.begin():
        session.scalars(select(Actor)).one().status = "archived"
    ask(asking)
    assert peer.asked == []


def test_some_actors_alone_are_asked_for(asking: Runtime, peer: Peer) -> None:
    run(asking, csv(FOUND, DOUBTFUL))
    with Session(asking.staff) as session:
        wanted = session.scalars(select(Actor.id).where(Actor.name == "Trouvée")).all()
    outcome = geocode(asking.staff, asking.vault, asking.settings, "essai", only=wanted)
    assert counts(outcome) == (1, 0, 0, 0)
    assert "Douteuse" not in str(peer.seen)
    assert counts(geocode(asking.staff, asking.vault, asking.settings, "essai", only=[])) == (
        *(0, 0, 0, 0),
    )

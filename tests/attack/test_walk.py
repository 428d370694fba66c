"""Everything that the service answers, searched for every secret; and what moves when one moves."""

from pathlib import Path
from statistics import quantiles
from time import perf_counter
from urllib.parse import quote

import pytest

from app.platform.web.versions import Versions
from app.runtime.staff import Runtime
from tests.attack.conftest import Attacked, Walked, client_of, leaks, service
from tests.attack.walk import PASSING, ask
from tests.meanwhile import until

# Turns after which times are compared, and how many there are at most.
TURNS, MOST_TURNS = 300, 3_000
# How much longer one of them may take: as much as nobody can tell.
MOST_RATIO = 1.3

pytestmark = pytest.mark.slow


def test_hidden_places_were_written_as_designed(attacked: Attacked) -> None:
    dataset = attacked.dataset
    assert len(dataset.places) == 2_000
    # Only the two territories without a commune are left out.
    assert len({place.commune.territory for place in dataset.places}) > 105
    # Drafts, archives, secrets; and for each act the address that it hid.
    assert len(dataset.hidden_ids) > 25
    with attacked.databases.public.connect() as connection:
        rows = connection.exec_driver_sql("SELECT protected, count(*) FROM actor GROUP BY 1")
        counts = {row.protected: row[1] for row in rows}
    with attacked.databases.staff.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT level, count(*) FROM actor_protected WHERE level IS NOT NULL GROUP BY 1"
        )
        levels = {row.level: row[1] for row in rows}
    assert counts[True] > 450
    assert counts[False] > 900
    assert levels["held"] > 350
    assert sum(levels.values()) > 900


def test_no_answer_holds_a_secret(walked: Walked) -> None:
    one_in, found, digests = walked
    assert found == set()
    assert len(digests) > 3_000 / one_in


def test_nothing_depends_on_where_or_what_a_hidden_place_is(
    attacked: Attacked, walked: Walked, elsewhere: Runtime, tmp_path: Path
) -> None:
    one_in, _, known = walked
    # Half of what was asked there, unless that was all.
    share = one_in if one_in == 1 else 2 * one_in
    app = service(elsewhere.databases, tmp_path)
    with client_of(app) as client:
        found, digests = leaks(client, app, attacked, known, share)
    assert found == set()
    other = {asked: (digests[asked], known.get(asked)) for asked in digests}
    assert {asked: two for asked, two in other.items() if two[0] != two[1]} == {}
    assert len(digests) > len(known) / (2 * share / one_in)
    assert share > 1 or digests.keys() == known.keys()


def test_what_is_compared_is_the_same_where_a_version_was_not_read_in_time(
    attacked: Attacked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, path = service(attacked.databases, tmp_path), "/api/departements/93/actors.geojson"
    with client_of(app) as client:
        until(lambda: "x-accel-expires" in client.get(path).headers)
        in_time = ask(client, ("GET", path, ()))
        monkeypatch.setattr(Versions, "of", lambda *_: None)
        assert "x-accel-expires" not in client.get(path).headers
        assert ask(client, ("GET", path, ())).digest == in_time.digest


def test_a_search_for_a_secret_answers_as_a_search_for_nothing(
    attacked: Attacked, tmp_path: Path
) -> None:
    app = service(attacked.databases, tmp_path)
    place = attacked.dataset.secrets[40]
    with client_of(app) as client:
        for text in (*place.words, place.street, place.phone, place.siret, f"{place.lon}"):
            nothing = "".join("0" if each.isdigit() else "x" for each in text)
            answers = [
                client.get("/", params={"q": q}).text.replace(q, "?") for q in (text, nothing)
            ]
            assert answers[0] == answers[1], text


def guesses(attacked: Attacked) -> dict[str, list[str]]:
    """Ids that must all look the same, by why they do not answer."""
    absent = [f"{number:016x}" for number in range(40)]
    malformed = ["x", "é", "%", "0" * 15, "0" * 17, "A" * 16, "\x00", "'--", "0" * 900, "0x1f"]
    return {"hidden": sorted(attacked.dataset.hidden_ids), "absent": absent, "malformed": malformed}


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize("end", ["", "/acteur"])
def test_hidden_absent_and_malformed_ids_look_the_same(
    attacked: Attacked, tmp_path: Path, accept: str, end: str
) -> None:
    app = service(attacked.databases, tmp_path)
    seen = set()
    with client_of(app) as client:
        for public_id in (each for ids in guesses(attacked).values() for each in ids):
            address = f"/acteurs/{quote(public_id, safe='')}{end}"
            answer = client.get(address, headers={"accept": accept})
            headers = {k: v for k, v in answer.headers.items() if k not in PASSING}
            seen.add((answer.status_code, answer.text, tuple(sorted(headers.items()))))
    assert len(seen) == 1
    assert next(iter(seen))[0] == 404


@pytest.mark.parametrize("path", ["/autour", "/table", "/table.csv", "/api/actors.geojson"])
def test_absent_and_malformed_places_and_those_that_name_a_secret_look_the_same(
    attacked: Attacked, tmp_path: Path, path: str
) -> None:
    app = service(attacked.databases, tmp_path)
    place = attacked.dataset.secrets[40]
    codes = [
        "99999",
        "2C001",
        "nulle-part",
        "91,181",
        "1,2,3",
        *sorted(attacked.dataset.hidden_ids)[:5],
    ]
    codes += [place.word(0), place.siret, place.phone, place.finess]
    with client_of(app) as client:
        for name in ("lieu", "loin"):
            answers = {code: client.get(path, params={name: code}) for code in codes}
            assert {answer.status_code for answer in answers.values()} == {404}
            assert len({each.text.replace(code, "?") for code, each in answers.items()}) == 1


def test_hidden_absent_and_malformed_ids_take_the_same_time(
    attacked: Attacked, tmp_path: Path
) -> None:
    app = service(attacked.databases, tmp_path)
    ids = guesses(attacked)
    ids["malformed"] = ["x", "0" * 15]
    times: dict[str, list[float]] = {group: [] for group in ids}
    with client_of(app) as client:
        for turn in range(MOST_TURNS):
            # In turn, so that what else the machine does strikes all of them.
            for group, chosen in ids.items():
                started = perf_counter()
                client.get(f"/acteurs/{chosen[turn % len(chosen)]}/acteur")
                times[group].append(perf_counter() - started)
            # The lower quartile: noise only ever adds, and where it did, more turns outweigh it.
            if turn % TURNS == TURNS - 1:
                quarter = {group: quantiles(taken[20:], n=4)[0] for group, taken in times.items()}
                if max(quarter.values()) < MOST_RATIO * min(quarter.values()):
                    break
    assert max(quarter.values()) < MOST_RATIO * min(quarter.values()), quarter

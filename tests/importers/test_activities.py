"""Units that FINESS-Activités names, at public hospitals; the shape of the file is a guess."""

import codecs
import gzip
import io
import json
from collections.abc import Collection, Mapping
from typing import Any

import pytest

from importers.registers import activities
from importers.registers.activities import Host
from importers.registers.edition import Edition, as_csv
from importers.registers.errors import RegisterError
from tests.importers.conftest import TODAY, Read

PUBLIC, HIDDEN = "930000484", "930000492"
HOST = Host(
    "Hôpital d’exemple", "93", "1 rue de l’Exemple", "93000", "Bobigny", "93008", 2.44, 48.9, ""
)


def hosts(numbers: Collection[str]) -> Mapping[str, Host]:
    return {number: HOST for number in numbers if number == PUBLIC}


def nested(number: str = PUBLIC, *activities: dict[str, Any], **more: Any) -> dict[str, Any]:
    """As FINESS-Structures nests."""
    ege = {"informationsGeneralesEGE": {"numFinessEge": number}, "activite": list(activities)}
    return {"pmej": [{"numFinessPmej": "930000001", "ege": [ege | more]}]}


def unit(code: str = "M41", **more: Any) -> dict[str, Any]:
    return {"reconnaissance": {"modalite": {"code": code}}, "etatObjet": "A"} | more


def whole(said: dict[str, Any] | list[Any]) -> bytes:
    head = {"schemaVersion": "v1.0.0", "generatedAt": "2026-11-03T02:00:00Z"}
    return json.dumps(head | said if isinstance(said, dict) else said).encode()


def read_bytes(data: bytes) -> Edition:
    return activities.read(io.BytesIO(data), "activites.json", hosts, TODAY)


def names(edition: Edition) -> list[str]:
    return [line[1] for line in edition.lines.get("93", ())]


@pytest.mark.parametrize(
    ("code", "called"),
    [
        *[("M41", "UAPED"), ("M42", "EPREED"), ("M43", "Maison des femmes")],
        *[(code, "UMJ") for code in ("M61", "M62", "M63")],
    ],
)
def test_a_unit_is_an_actor_at_its_hospital(read: Read, code: str, called: str) -> None:
    edition = read_bytes(whole(nested(PUBLIC, unit(code))))
    assert names(edition) == [f"{called} – Hôpital d’exemple"]
    result = read(as_csv(edition, "93"), mapping="registre-finess-activites", territory="93")
    (row,) = result.rows
    assert row.category == activities.UNITS[code][0]
    assert (row.signs, row.finess, row.commune) == ((), None, "93008")


@pytest.mark.parametrize(
    "said",
    [
        {"ege": [{"numFinessEge": PUBLIC, "activites": ["M41"]}]},
        {"activites": [{"numFinessET": PUBLIC, "modalite": "M41"}]},
        [{"noFinessEge": PUBLIC, "detail": {"a": {"b": ["x", "M41"]}}}],
        {
            "pmej": [
                {
                    "ege": [
                        {"activite": [unit()], "informationsGeneralesEGE": {"numFinessEge": PUBLIC}}
                    ]
                }
            ]
        },
    ],
)
def test_a_code_is_found_wherever_it_stands_in_an_establishment(said: Any) -> None:
    assert names(read_bytes(whole(said))) == ["UAPED – Hôpital d’exemple"]


def test_codes_of_several_establishments_stay_apart_and_those_of_one_are_together() -> None:
    one, other = nested(PUBLIC, unit("M61"), unit("M62")), nested(HIDDEN, unit())
    both = {"pmej": [*one["pmej"], *other["pmej"]]}
    edition = read_bytes(whole(both))
    assert names(edition) == ["UMJ – Hôpital d’exemple"]
    assert edition.left_out == {"établissement inconnu ou caché": 1}


@pytest.mark.parametrize(
    "ended", [{"etatObjet": "I"}, {"dateFin": "2026-01-01"}, {"dateFermeture": "2026-01-01"}]
)
def test_what_has_ended_is_no_unit(ended: dict[str, str]) -> None:
    edition = read_bytes(whole(nested(PUBLIC, unit("M42"), unit(**ended))))
    assert names(edition) == ["EPREED – Hôpital d’exemple"]
    assert edition.left_out == {"activités finies": 1}


def test_a_code_without_an_establishment_is_counted() -> None:
    data = whole({"pmej": nested(PUBLIC, unit())["pmej"], "autre": {"x": "M41"}})
    assert read_bytes(data).left_out == {"sans numéro": 1}


def test_what_it_does_not_know_is_passed_over() -> None:
    odd = {"activite": [1, None, True, ["M99"], {"M41": 3}, unit()], "numFinessEge": PUBLIC}
    assert names(read_bytes(whole({"ege": [odd, 5, ["M41"]]}))) == ["UAPED – Hôpital d’exemple"]


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_it_may_be_packed_and_have_a_mark_in_front(mark: bytes) -> None:
    data = mark + whole(nested(PUBLIC, unit()))
    assert len(names(read_bytes(gzip.compress(data)))) == len(names(read_bytes(data))) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        whole(nested(PUBLIC, unit()))[:-2],
        gzip.compress(whole(nested(PUBLIC, unit())), mtime=0)[:-9],
        whole(nested(PUBLIC, unit("M99"))),
        b'{"service": []}',
        b"a;b",
        b"[" * 50_000,
    ],
)
def test_a_file_that_is_not_whole_or_another_one_is_refused(data: bytes) -> None:
    with pytest.raises(RegisterError, match=r"« activites\.json ».*rien n'est changé"):
        read_bytes(data)

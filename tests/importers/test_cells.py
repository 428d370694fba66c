"""Values of single cells: identifiers, mail, web, dates, ages, hours, words, text."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.text import fold
from importers import vocabulary
from importers.contacts import find_website, read_emails, read_url, wrong_emails
from importers.dates import read_date
from importers.identifiers import read_finess, read_rna, read_siret
from importers.terms import category_of, codes_of
from importers.text import clean
from tests.importers.conftest import TODAY


@pytest.mark.parametrize(
    ("text", "siret"),
    [
        ("77554456200074", "77554456200074"),
        ("775 544 562 00074", "77554456200074"),
        ("77554456200074.0", "77554456200074"),
        ("0542021100012", "00542021100012"),
        ("35600000000048", "35600000000048"),
        # An office of La Poste follows no Luhn: its digits sum to a multiple of five.
        ("35600000049837", "35600000049837"),
    ],
)
def test_siret_is_read_with_its_spaces_and_lost_zero(text: str, siret: str) -> None:
    assert read_siret(text) == (siret, None)


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("2,601E+13", "Excel"),
        ("2.60130002E+13", "Excel"),
        ("77567227299999", "clé"),
        ("775544562", "14 chiffres"),
        ("inconnu", "14 chiffres"),
    ],
)
def test_a_wrong_siret_is_reported_and_left_out(text: str, reported: str) -> None:
    value, message = read_siret(text)
    assert value is None
    assert message is not None
    assert reported in message


def test_finess_and_rna_keep_their_letters_and_zeros() -> None:
    assert read_finess("10014132") == ("010014132", None)
    assert read_finess("2A0000014") == ("2A0000014", None)
    assert read_finess("1234")[0] is None
    assert read_rna("w931001234") == ("W931001234", None)
    assert read_rna("W9R1001234") == ("W9R1001234", None)
    assert read_rna("931001234")[0] is None


def test_a_finess_number_whose_key_is_wrong_is_kept_and_reported() -> None:
    code, reported = read_finess("930000485")
    assert code == "930000485"
    assert reported is not None
    assert "clé" in reported
    assert read_finess("930000484") == ("930000484", None)


def test_mail_is_checked_without_the_network() -> None:
    assert read_emails("mailto:Contact@CIDFF93.fr") == ("Contact@cidff93.fr",)
    assert read_emails("Mail:a@b.fr.") == ("a@b.fr",)
    for wrong in ("contact(at)asso.fr", "a@", "@b.fr", "pas de mail", "a@b@c.fr"):
        assert read_emails(wrong) == ()


def test_every_mailbox_is_kept_once_in_its_order() -> None:
    text = "A@b.fr <a@B.fr> ; c@d.fr/e@f.fr\nMme X (g@h.fr), c@"
    assert read_emails(text) == ("A@b.fr", "c@d.fr", "e@f.fr", "g@h.fr")
    assert wrong_emails(text) == ("c@",)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("a@b.fr / www.b.fr", "https://www.b.fr"),
        ("voir https://b.fr/x.", "https://b.fr/x"),
        ("b-c.fr/contact", "https://b-c.fr/contact"),
        ("a@b.fr", None),
        ("M. Dupont", None),
        ("pas de site", None),
    ],
)
def test_a_web_address_is_found_among_other_words(text: str, url: str | None) -> None:
    assert find_website(text) == url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://WWW.Ain.fr/Page", "http://www.ain.fr/Page"),
        ("www.ain.fr", "https://www.ain.fr"),
        ("ain.fr/enfance?a=1", "https://ain.fr/enfance?a=1"),
        ("https://ain.fr:8443/a", "https://ain.fr:8443/a"),
    ],
)
def test_web_addresses_are_completed(text: str, url: str) -> None:
    assert read_url(text) == (url, None)


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "ftp://ain.fr",
        "https://u:p@ain.fr",
        "https://",
        "http://[::1",
        "http://a b.fr@",
        "http://localhost",
        "file:///etc/passwd",
        "http://" + "a" * 600 + ".fr",
    ],
)
def test_addresses_that_may_do_harm_are_refused(text: str) -> None:
    assert read_url(text)[0] is None
    assert read_url(text)[1]


@given(st.text(max_size=80))
def test_any_text_gives_only_web_addresses(text: str) -> None:
    url, reported = read_url(text)
    assert (url is None) == (reported is not None)
    assert url is None or url.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/01/2026", date(2026, 1, 31)),
        ("1/2/26", date(2026, 2, 1)),
        ("2026-01", date(2026, 1, 1)),
        ("01/2026", date(2026, 1, 1)),
        ("2026-01-31", date(2026, 1, 31)),
        ("2026-01-31 08:30", date(2026, 1, 31)),
        ("46053", date(2026, 1, 31)),
        ("1er février 2026", date(2026, 2, 1)),
        ("février 2026", date(2026, 2, 1)),
        ("31.01.2026", date(2026, 1, 31)),
    ],
)
def test_days_are_read_as_french_lists_and_excel_write_them(text: str, day: date) -> None:
    assert read_date(text, TODAY) == (day, None)


@pytest.mark.parametrize("text", ["31/02/2026", "13/13/2026", "bientôt", "01/01/2099", "12"])
def test_days_that_do_not_exist_are_reported(text: str) -> None:
    assert read_date(text, TODAY)[0] is None
    assert read_date(text, TODAY)[1]


@given(st.dates(date(1990, 1, 1), TODAY))
def test_a_day_reads_the_same_from_excel_and_from_french(day: date) -> None:
    serial = str((day - date(1899, 12, 30)) // timedelta(days=1))
    assert read_date(serial, TODAY) == read_date(day.strftime("%d/%m/%Y"), TODAY) == (day, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ASE", "ase"),
        ("Aide sociale à l'enfance (ASE)", "ase"),
        ("Aide sociale à l’enfance (ASE)", "ase"),
        ("Foyers de l’enfance", "foyer_enfance"),
        ("crip", "crip"),
        ("CRIP – Conseil départemental du Nord", "crip"),
        ("UAPED du centre hospitalier", "uaped"),
        ("EPREED", "epreed"),
        ("UEMO Lille centre", "pjj"),
        ("Maisons d'enfants", "mecs"),
        ("Association gestionnaire d'un foyer de l'enfance", "foyer_enfance"),
        ("LVA", "lieu_de_vie"),
        ("Pouponnières", "pouponniere"),
        ("Commission départementale de lutte contre la prostitution", "cdlp"),
        ("Association de lutte contre la prostitution", "association"),
        ("Gendarmerie", "gendarmerie"),
        ("Club de prévention", "prevention"),
        ("DSDEN", "education"),
        ("Observatoire", "odpe"),
        ("Restaurant", None),
    ],
)
def test_categories_are_recognised_and_shelters_win(text: str, code: str | None) -> None:
    assert category_of(text) == code


def test_functions_are_named_by_code_label_or_words() -> None:
    terms = vocabulary.load().functions
    assert codes_of("ecoute", terms) == (["ecoute"], [])
    assert codes_of("Écoute ; Hébergement d'urgence, maraudes et soins", terms) == (
        ["ecoute", "hebergement", "maraude", "soin"],
        [],
    )
    assert codes_of("Écoute ; jonglage", terms) == (["ecoute"], ["jonglage"])


def test_text_loses_what_cannot_be_seen_and_says_so() -> None:
    assert clean("  Foyer \u00a0 de  l\x92enfance ") == ("Foyer de l’enfance", False)
    assert clean("A\x00B") == ("AB", True)
    assert clean("A\ud800B") == ("AB", True)
    assert clean("abc\u202edef") == ("abcdef", True)
    assert clean("e\u0301cole\r\n\r\n rue ") == ("école\nrue", False)
    assert clean("\ufeffNom") == ("Nom", False)


@given(st.text(alphabet=st.characters(codec=None), max_size=100))
def test_cleaned_text_can_always_be_stored(text: str) -> None:
    cleaned, _ = clean(text)
    cleaned.encode()
    assert "\x00" not in cleaned
    assert clean(cleaned)[0] == cleaned
    assert fold(cleaned).isascii()

"""What is left out for speed is left out only where there is nothing to find."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

import importers
from geo.address import read_address
from geo.slips import spelled_out
from geo.street import numbered_ways
from geo.text import fold, may_have_words
from importers.accommodation import in_text, may_speak, plain
from importers.contacts import read_emails
from importers.phones import SHORTEST, find_phones, one_phone
from importers.secrecy import FORBIDDING, MAY_FORBID, forbids

# Lists of importers/accommodation.toml that in_text does not look for: what is masked, what is said
# of services, what stands beside a sign, whole cells, hints.
NO_SIGNS = {
    "innocent", "innocent_in_text", "numbered", "streets", "hospitals", "adult_alone", "services",
    "finess", "hints", "beside", "categories",
}  # fmt: skip


def phrases(lists: dict[str, Any]) -> Iterator[str]:
    """Yield every phrase of lists within lists, whatever they are called, but of NO_SIGNS."""
    for name, value in lists.items():
        if name in NO_SIGNS:
            continue
        if isinstance(value, dict):
            yield from phrases(value)
        elif isinstance(value, list):
            for each in value:
                yield from phrases(each) if isinstance(each, dict) else [each]


RAW = tomllib.loads((Path(importers.__file__).parent / "accommodation.toml").read_text("utf-8"))
PHRASES = sorted(set(phrases(RAW)))


def accented(text: str) -> str:
    return text.replace("e", "é").replace("a", "à").replace("u", "û").replace("c", "ç")


def writings(phrase: str) -> Iterator[str]:
    """Yield texts that hold a phrase, as lists write it."""
    for some, end in ((" ", ""), (" de la ville ", "ments")):
        text = phrase.replace(" ~ ", some).replace("*", end).replace("#", "12")
        yield from (text, text.upper(), accented(text), text.replace(" ", "-"))
        yield f"Le service, dit « {text} », reçoit à Lille."
        yield f"{text.replace(' ', '  ').capitalize()}(s)"
        # "Maison d’enfants", "M.E.C.S.".
        yield re.sub(r"\b([dl]) ", r"\1’", text)
        if phrase in RAW["acronyms"] and len(phrase) <= 6:
            yield from (f"{'.'.join(text)}.", " ".join(text.upper()), f"{text}2")


def test_a_text_that_holds_a_word_of_any_list_is_looked_at() -> None:
    assert len(PHRASES) > 400
    texts = [(phrase, text) for phrase in PHRASES for text in writings(phrase)]
    assert [each for each in texts if not may_speak(plain(each[1]))] == []


def test_a_home_is_found_in_letters_that_fold_to_others() -> None:
    for text in ("ⓜⓔⓒⓢ", "Ｍ．Ｅ．Ｃ．Ｓ．", "𝐟𝐨𝐲𝐞𝐫", "fo\u00adyer", "foy\u0065\u0301r"):
        assert in_text(text, naming=True).houses, text


@pytest.mark.parametrize(
    "text", ["ⓢⓔⓒⓡⓔⓣ", "𝐜𝐨𝐧𝐟𝐢𝐝𝐞𝐧𝐭𝐢𝐞𝐥", "Ｓｅｃｒｅｔ", "01 23 — ⓝⓔ ⓟⓐⓢ ⓓⓘⓕⓕⓤⓢⓔⓡ"]
)
def test_what_forbids_is_read_in_letters_that_fold_to_others(text: str) -> None:
    found = forbids(text)
    assert found
    assert found[0] == "secret"


def test_no_sign_that_folds_to_a_letter_is_left_out() -> None:
    signs = (chr(code) for code in range(0x3400) if not 0xD800 <= code < 0xE000)
    left_out = [sign for sign in signs if re.search("[a-z]", fold(sign))]
    assert len(left_out) > 500
    assert all(map(may_have_words, left_out))


@pytest.mark.parametrize("text", ["٠١ ٤٣ ٩٣ ٩٣ ٩٣", "０１ ４３ ９３ ９３ ９３"])
def test_digits_of_other_scripts_are_looked_at(text: str) -> None:
    assert any(find_phones(text))


@given(
    st.lists(st.sampled_from([*"0123456789", "+", " ", ".", "(0)", "00", "tél. "]), max_size=14),
    st.sampled_from(["93", "974", "976", "986", "987", "988"]),
)
def test_fewer_digits_than_the_shortest_phone_are_nobodys_own(
    parts: list[str], territory: str
) -> None:
    text = "".join(parts)
    phones, _ = find_phones(text, territory)
    if len(re.findall(r"\d", text)) < SHORTEST:
        assert [each for each in phones if each.startswith("+")] == []


def test_the_shortest_phone_has_as_many_digits() -> None:
    text = "25 12 34"
    assert find_phones(text, "988")[0] == ["+687251234"]
    assert len(re.findall(r"\d", text)) == SHORTEST


@given(
    st.lists(
        st.sampled_from(["7", "12", "bis", "rue", "avenue", "place", "Zola", "A", ",", "-", "n°"]),
        max_size=9,
    )
)
def test_an_address_of_one_number_names_one_way(words: list[str]) -> None:
    text = " ".join(words)
    assert len(list(numbered_ways(text))) <= len(re.findall(r"\d+", text))


ASKING = st.sampled_from(FORBIDDING).flatmap(
    lambda pattern: st.from_regex(re.compile(pattern.pattern, re.ASCII)).filter(
        lambda text: pattern.search(fold(text)) is not None
    )
)


@pytest.mark.slow
@given(ASKING)
def test_whatever_forbids_is_looked_at(text: str) -> None:
    assert MAY_FORBID.search(fold(text))


@given(st.from_regex(r"0[0-9]{9}", fullmatch=True))
def test_a_number_of_ten_digits_is_what_the_plan_of_numbers_says(digits: str) -> None:
    # Those of overseas are told by their prefix.
    if digits[1:4] not in (
        "262",
        "269",
        "508",
        "590",
        "594",
        "596",
        "639",
        "690",
        "691",
        "692",
        "694",
        "696",
        "697",
    ):
        number = phonenumbers.parse(digits, "FR")
        valid = phonenumbers.is_valid_number(number)
        assert one_phone(digits) == (f"+33{number.national_number}" if valid else None)


MAILBOXES = st.lists(
    st.sampled_from(
        [
            *("a", "info", "INFO", "contact", "été", "1", ".", "..", "-", "_", "+", "x" * 30),
            *("exemple.fr", "Exemple.FR", "exemple.test", "localhost", "xn--a.fr", "a--b.fr"),
        ]
    ),
    min_size=1,
    max_size=4,
).map("".join)


@given(MAILBOXES, MAILBOXES)
def test_a_mailbox_is_what_it_is_by_all_that_mail_asks(local: str, domain: str) -> None:
    word = f"{local}@{domain}"
    try:
        whole = validate_email(word.strip(".'’-"), check_deliverability=False).normalized
    except EmailNotValidError:
        assert read_emails(word) == ()
    else:
        assert read_emails(word) == (whole,)


ADDRESSES = st.lists(
    st.sampled_from(
        [
            *(
                "7",
                "12bis",
                "3 b",
                "1234",
                "rue",
                "RUE",
                "BLVD",
                "GR",
                "Gd Rue",
                "grande-rue",
                "r.",
            ),
            *("av", "Zola", "République", ".", "-", "–", ":", ",", "(", ")", " ", "  ", "\n", "\t"),
            *(
                "au",
                "jusqu’au",
                "ancien chemin",
                "Grand’",
                "PK",
                "8 mai 45",
                "nov 62",
                "n°",
                "&nbsp;",
                "Ã©",
                "e\u0301",
                "\u200b",
                "|",
            ),
            *("_x000D_", "\x92", "’", ";", "/"),
        ]
    ),
    max_size=7,
).map("".join)


@given(ADDRESSES)
def test_an_address_is_mended_wherever_something_is_to_be_mended(text: str) -> None:
    found = spelled_out(text), read_address(text, postcode="93000", city="Bobigny")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo.slips.MAY_BE_SHORT", re.compile(""))
        patch.setattr("geo.address.NEAT", re.compile(r"(?!)"))
        whole = spelled_out(text), read_address(text, postcode="93000", city="Bobigny")
    assert found == whole

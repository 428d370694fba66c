"""From a situation to those who act, step by step, and not a word of it where others may read."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from math import inf
from typing import Any

import httpx
import pytest
from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.hours import State, state
from app.reference.national_numbers import NATIONAL_NUMBERS
from app.search.actor_schemas import ActorCard
from app.search.criteria import Search
from app.search.results import find
from app.search.situations import Role, Situation, Step, departmental_roles, situations
from geo.names import normalise
from importers import vocabulary
from importers.vocabulary import SPECIALITY
from tests.crowd import NOW, Crowd, Row, in_charge
from tests.makers import add_actor
from tests.search.conftest import Ask

NUMBERS = list(situations())


def test_there_are_six_numbered_situations() -> None:
    assert NUMBERS == [1, 2, 3, 4, 5, 6]


def test_only_who_looks_for_a_safe_place_is_led_to_places_that_house_children() -> None:
    words = vocabulary.load()
    houses = {each.code for each in words.categories.values() if each.protected}
    # And where the public records of those that are hidden stand.
    houses |= {words.categories[code].family for code in houses if code != "a_classer"}
    does = {function for code in houses for function in words.categories[code].functions}
    for number, situation in situations().items():
        led = [
            step
            for step in situation.step
            if houses & {*step.categories} or does & {*step.functions}
        ]
        assert bool(led) == (number == 4)
        assert all("heberger" in step.categories for step in led)


@pytest.mark.parametrize("given", [{"categories": ["x"]}, {"functions": ["x"]}, {}])
def test_a_rule_that_names_what_does_not_exist_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Step(title="x", sentence="x", **given)
    with pytest.raises(ValidationError):
        Role(label="x", short="x", sentence="x", **given)


def test_a_situation_without_steps_is_refused() -> None:
    with pytest.raises(ValidationError):
        Situation(number=7, label="x", sentence="x", numbers=(), step=())


@pytest.mark.parametrize("number", NUMBERS)
def test_the_numbers_to_call_first_are_known(number: int) -> None:
    situation = situations()[number]
    assert [each.digits for each in situation.national_numbers] == list(situation.numbers)
    assert set(situation.numbers) <= set(NATIONAL_NUMBERS)
    assert {*re.findall(r"\ble (\d+)", situation.sentence)} <= set(situation.numbers)
    # Nobody is in danger while a team is trained.
    assert bool(situation.numbers) == (number != 6)


def step_of(row: Row, search: Search) -> int | None:
    """Return the first step in which an actor acts."""
    assert search.situation is not None
    for number, step in enumerate(search.situation.step):
        acts = row["category"] in step.categories or set(step.functions) & set(row["functions"])
        if acts and not (step.competent and search.place and not in_charge(row, search.place.area)):
            return number
    return None


@pytest.mark.slow
@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("where", [{"territory": "93"}, {"lieu": "93066"}, {"lieu": "69266"}])
def test_everybody_stands_in_the_first_step_in_which_they_act(
    reading: Session, crowd: Crowd, ask: Ask, number: int, where: dict[str, str]
) -> None:
    search = ask(s=str(number), **where)
    page = 1
    seen: list[int] = []
    while True:
        found = find(reading, search.but(page=page), NOW)
        for group in found.groups:
            for card in group.cards:
                assert group.number == step_of(crowd.rows[card.public_id], search), card
                seen.append(group.number)
        assert search.situation is not None
        assert [each.title for each in found.groups] == [
            search.situation.step[each.number].title for each in found.groups
        ]
        if page == found.pages:
            break
        page += 1
    assert seen == sorted(seen)
    assert len(seen) == found.total > 0
    if "territory" in where:
        here = [row for row in crowd.rows.values() if row["territory_code"] == "93"]
        steps = [step for row in here if (step := step_of(row, search)) is not None]
        assert found.total >= len(steps)


@pytest.mark.slow
@pytest.mark.parametrize("number", NUMBERS)
def test_in_a_step_who_decides_and_who_answers_comes_first(
    reading: Session, crowd: Crowd, ask: Ask, number: int
) -> None:
    search = ask(s=str(number), lieu="93066", rayon="10")
    assert search.place is not None
    area = search.place.area

    def rank(card: ActorCard) -> tuple[int, bool, float]:
        row = crowd.rows[card.public_id]
        opening = state(row["opening_hours"], row["territory_code"], NOW).state
        special = SPECIALITY in row["functions"]
        first = 0 if in_charge(row, area) else 1 if special else 2
        if not (row["phones"] or row["protected"]):
            first = 3
        answers = opening is State.OPEN or {"17", "119"} & {*row["phones"]}
        return first, not answers, inf if card.metres is None else card.metres

    for group in find(reading, search, NOW, size=500).groups:
        ranks = [rank(card) for card in group.cards]
        assert ranks == sorted(ranks)


def test_those_of_a_step_whom_nobody_can_call_are_folded(client: httpx.Client) -> None:
    page = client.get("/departements/974?s=3").text
    folded = re.findall(r'<details class="disclosure group__silent".*?</details>', page, re.S)
    assert folded
    for each in folded:
        assert "sans téléphone connu" in each
        assert 'class="phone"' not in each
    shown = page
    for each in folded:
        shown = shown.replace(each, "")
    assert "Téléphone non renseigné" not in shown


def test_the_area_of_a_court_is_in_no_rule() -> None:
    own = {code for role in departmental_roles() for code in role.categories}
    assert own == {"crip", "ase", "cdlp"}


def words_of(situation: Situation) -> set[str]:
    """Return the longer words of what a situation is called."""
    titles = " ".join([situation.label, *(step.title for step in situation.step)])
    return {word for word in normalise(titles).split() if len(word) > 4}


def read_by_others(html: str) -> str:
    """Return what history, tabs and referrers would tell: titles and addresses."""
    heads = re.findall(r"<title>(.*?)</title>", html, re.DOTALL)
    heads += re.findall(r"""(?:href|src|action|data-[\w-]+)=["']([^"']*)""", html)
    return normalise(" ".join(heads))


@pytest.mark.slow
@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("path", ["/autour?lieu=93066&", "/departements/93?", "/autour?"])
def test_no_title_and_no_address_says_a_situation_in_words(
    client: httpx.Client, number: int, path: str
) -> None:
    page = client.get(f"{path}s={number}")
    assert page.status_code == 200
    plain = client.get(path.rstrip("?&"))
    # What stands on every page tells nothing.
    said = set(read_by_others(page.text).split()) - set(read_by_others(plain.text).split())
    assert not said & words_of(situations()[number])
    title = re.compile(r"<title>.*?</title>", re.DOTALL)
    assert title.findall(page.text) == title.findall(plain.text)
    # The words are there for whoever reads the page itself.
    assert situations()[number].step[0].title in page.text


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_of_a_situation_can_be_called(client: httpx.Client, number: int) -> None:
    page = client.get(f"/departements/93?s={number}").text
    for each in situations()[number].national_numbers:
        assert f'href="{each.href}"' in page


WHERE = [
    {"lieu": "93066", "rayon": "5"},
    {"lieu": "97411", "rayon": "5"},
    {"lieu": "69266", "rayon": "10"},
    {"territory": "69M"},
    {"dans": ("69", "69M")},
]
NARROWED = [{"categorie": ("sante",)}, {"categorie": ("epreed",)}, {"q": "cidff"}, {}]


@pytest.mark.slow
@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("more", NARROWED)
def test_a_step_that_nobody_takes_here_leads_to_the_least_wide_area(
    reading: Session,
    crowd: Crowd,
    ask: Ask,
    follow: Callable[[str], Search],
    where: dict[str, Any],
    more: dict[str, Any],
) -> None:
    for number in (1, 2, 3, 4, 5):
        search = ask(s=str(number), **where, **more)
        found = find(reading, search, NOW)
        for step, area in found.farther.items():
            assert not found.counts.groups[step]
            assert not (area.missing and more)
            if not area.url:
                continue
            there = follow(area.url)
            assert there.situation == search.situation
            assert find(reading, there, NOW).counts.groups[step] > 0
            # One looks no farther than one must: where the territory has one, it is among them.
            own = search.territories or (search.place and (search.place.territory_code,)) or ()
            wide = ask(s=str(number), **more)
            cards = [
                card
                for group in find(reading, wide, NOW, size=3_000).groups
                if group.number == step
                for card in group.cards
            ]
            seats = {card.seat_territory_code for card in cards}
            if seats & {*own}:
                assert area.name not in ("toute la France", "Île-de-France", "océan Indien")


def test_a_step_of_which_no_list_came_says_so_and_who_does_it_meanwhile(
    client: httpx.Client,
) -> None:
    page = unescape(client.get("/departements/972?s=3").text)
    assert "Liste non reçue. Les urgences pédiatriques de l’hôpital" in page
    # "Aucun" is only of a list that came.
    assert "aucun<span" not in page.partition('<nav class="steps"')[2].partition("</li>")[0]
    assert "Plus loin : toute la France" in page


def test_nobody_is_led_to_who_is_in_charge_of_another_departement(session: Session) -> None:
    for category in ("crip", "justice"):
        add_actor(session.connection(), category=category, phones=["119"])
    search = Search(territory="972", situation=situations()[5])
    found = find(session, search, NOW).farther
    assert (found[0].missing, found[0].url) == (True, "")
    assert found[1].url


@pytest.mark.parametrize(
    "answers", [{"phones": ["119"]}, {"duty_phones": ["+33143930000"]}, {"opening_hours": "24/7"}]
)
def test_of_those_in_charge_who_answers_now_is_called_first(
    session: Session, answers: dict[str, Any]
) -> None:
    shared = {"category": "ase", "functions": ["autorite"], "phones": ["+33143939393"]}
    for each in (
        {"name": "A", "opening_hours": "Mo-Fr 09:00-17:00"},
        {"name": "Z", **answers},
    ):
        add_actor(session.connection(), **shared | each)
    night = datetime(2026, 6, 9, 23, tzinfo=UTC)
    found = find(session, Search(territory="93", situation=situations()[4]), night)
    assert [card.name for card in found.cards] == ["Z", "A"]

"""What a sheet says of an actor ends on whole words, and never without a sign of more."""

import pytest

from app.public.prints.wording import LINES, REST, cut, hours


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Écoute des jeunes", "Écoute des jeunes"),
        ("Écoute des jeunes gens", "Écoute des jeunes…"),
        ("Écoute des jeunes\ngens et plus", "Écoute des jeunes…"),
        ("Écoute des deux, adolescents", "Écoute des deux…"),
        ("x" * 30, "x" * 17 + "…"),
    ],
)
def test_a_text_ends_on_a_whole_word(text: str, shown: str) -> None:
    assert cut(text, 18) == shown


def test_more_hours_than_paper_holds_say_where_the_rest_is() -> None:
    rules = [f'Mo 09:00-10:00 "salle {number}"' for number in range(LINES + 1)]
    assert len(hours("; ".join(rules[:-1]))) == LINES
    assert REST not in hours("; ".join(rules[:-1]))
    assert hours("; ".join(rules))[-2:] == (
        f"Le lundi : 9\u00a0h\u00a0–\u2060\u00a010\u00a0h (salle {LINES - 1})",
        REST,
    )
    assert hours("Mo " + "fermé " * 100)[-1] == REST
    assert hours(None) == ()

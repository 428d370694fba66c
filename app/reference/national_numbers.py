"""The national numbers that anyone may call, as reference data of national_numbers.toml."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

# Of a child in danger: what stands first where there is room for no more.
FIRST = ("119", "17")
_HREF = re.compile(r"(?:tel|sms):(\d+)")


@dataclass(frozen=True, slots=True)
class NationalNumber:
    """A number, whom it reaches and when; ValueError where its link dials something else.

    code: as people read it, "116 000"; href: "tel:116000", or "sms:114" for one that is written
    to. name, answers, hours, sentence: French, for what, who answers, when, and what it helps with.
    short: the name in one word, where buttons stand side by side.
    footer, paper: whether the foot of each page shows it, and the sheets to print, which have less
    room.
    """

    code: str
    href: str
    name: str
    short: str
    answers: str
    hours: str
    sentence: str
    footer: bool = True
    paper: bool = True

    def __post_init__(self) -> None:
        dialled = _HREF.fullmatch(self.href)
        if dialled is None or dialled[1] != self.digits:
            raise ValueError(f"{self.code}: {self.href} does not dial it")

    @property
    def digits(self) -> str:
        """Return its digits alone, "116000"."""
        return self.code.replace(" ", "")

    @property
    def always(self) -> bool:
        """Say whether it answers at any hour of any day."""
        return self.hours == "Tous les jours, à toute heure"

    @property
    def by_text(self) -> bool:
        """Say whether one writes to it, and cannot speak."""
        return self.href.startswith("sms:")


def _read() -> dict[str, NationalNumber]:
    text = Path(__file__).with_name("national_numbers.toml").read_text(encoding="utf-8")
    numbers = [NationalNumber(**item) for item in tomllib.loads(text)["number"]]
    return {number.digits: number for number in numbers}


# By digits, in the order of the file.
NATIONAL_NUMBERS = _read()

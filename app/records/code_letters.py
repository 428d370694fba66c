"""The letters of an operator's code: read in groups, with one that checks the others."""

import secrets

from app.accounts.codes import LETTERS

# 15 letters of 31 and one that checks them: 74 bits, of which no number of tries finds one.
GROUPS, GROUP = 4, 4
LETTERS_OF_CODE = GROUPS * GROUP


def new_code() -> str:
    """Return a code that nobody has."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(LETTERS_OF_CODE - 1))
    return letters + _check_letter(letters)


def plain(given: str) -> str:
    """Return what was typed as codes are digested: however its groups and letters are written."""
    return "".join(each for each in given.casefold() if each.isalnum())


def is_well_copied(given: str) -> bool:
    """Say whether something reads as a code: one wrong letter, or two that changed places, do not.

    It tells nothing of which codes there are.
    """
    code = plain(given)
    written_right = len(code) == LETTERS_OF_CODE and all(each in LETTERS for each in code)
    return written_right and code[-1] == _check_letter(code[:-1])


def written(code: str) -> str:
    """Return a code as people read it, in groups."""
    groups = (code[start : start + GROUP] for start in range(0, len(code), GROUP))
    return "-".join(groups).upper()


def _check_letter(letters: str) -> str:
    """Return the letter that checks others: by weights, in a field of 31, a prime."""
    weighed = sum(place * LETTERS.index(each) for place, each in enumerate(letters, start=1))
    return LETTERS[weighed % len(LETTERS)]

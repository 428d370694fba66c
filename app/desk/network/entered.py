"""The form of a profile: what its owner entered, and what of it is to be corrected."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, cast

from fastapi import Form, Request

from app.accounts.errors import MailMalformed
from app.accounts.people import valid_mail
from app.gazetteer.territories import canonical_code
from app.network.profile import LONGEST, Profile
from app.network.words import FUNCTIONS, WHO_READS, languages, themes
from app.resources.texts import line, lines
from app.visible.members import AUDIENCES, Audience
from geo.text import fold
from importers.phones import one_phone

# Field of a profile -> its name in the form.
NAMES = {
    "function": "fonction",
    "function_text": "intitule",
    "organisation": "organisation",
    "territories": "territoires",
    "themes": "themes",
    "trains": "formation",
    "trains_text": "former",
    "helps": "aider",
    "languages": "langues",
    "mailbox": "boite",
    "mail": "courriel",
    "phone": "telephone",
}
READS = "lecteurs-"
MOST_CODES = 30
Text = Annotated[str, Form(max_length=2_000)]


@dataclass(frozen=True, slots=True)
class Entered:
    """The fields of the form as they were sent. problems: field -> what to do."""

    fonction: str = ""
    intitule: str = ""
    territoires: str = ""
    themes: tuple[str, ...] = ()
    formation: bool = False
    former: str = ""
    aider: str = ""
    langues: str = ""
    boite: str = ""
    courriel: str = ""
    telephone: str = ""
    lecteurs: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)


class NotWhole(Exception):
    """Something of the form is to be corrected; entered: the form with what."""

    def __init__(self, entered: Entered) -> None:
        super().__init__()
        self.entered = entered


def shown(profile: Profile) -> Entered:
    """Return a profile as its form shows it."""
    known = languages()
    return Entered(
        fonction=profile.function,
        intitule=profile.function_text,
        territoires=", ".join(profile.territories),
        themes=profile.themes,
        formation=profile.trains,
        former=profile.trains_text,
        aider=profile.helps,
        langues=", ".join(known.get(each, each) for each in profile.languages),
        boite=profile.mailbox,
        courriel=profile.mail,
        telephone=profile.phone,
        lecteurs={name: profile.audience(name) for name in AUDIENCES},
    )


async def read_form(
    request: Request,
    fonction: Text = "",
    intitule: Text = "",
    territoires: Text = "",
    former: Text = "",
    aider: Text = "",
    langues: Text = "",
    boite: Text = "",
    courriel: Text = "",
    telephone: Text = "",
    formation: Annotated[bool, Form()] = False,
    themes_sent: Annotated[tuple[str, ...], Form(alias="themes", max_length=MOST_CODES)] = (),
) -> Entered:
    """Return what was sent, each text as it may be read."""
    sent = await request.form()
    asked = {name: str(sent.get(READS + NAMES[name], AUDIENCES[name])) for name in AUDIENCES}
    short = map(line, (fonction, intitule, territoires, langues, boite, courriel, telephone))
    fonction, intitule, territoires, langues, boite, courriel, telephone = short
    return Entered(
        fonction=fonction,
        intitule=intitule,
        territoires=territoires,
        themes=tuple(each for each in themes() if each in themes_sent),
        formation=formation,
        former=lines(former),
        aider=lines(aider),
        langues=langues,
        boite=boite,
        courriel=courriel,
        telephone=telephone,
        lecteurs=asked,
    )


def profile_of(entered: Entered, names: Mapping[str, str]) -> Profile:
    """Return the profile that a form says; names: of territories. Raise NotWhole."""
    wrong: dict[str, str] = {}
    for name, most in LONGEST.items():
        text = getattr(entered, NAMES[name])
        if len(text) > most:
            wrong[NAMES[name]] = f"{len(text)} caractères : {most} au plus."
    if entered.fonction and entered.fonction not in FUNCTIONS:
        wrong["fonction"] = "Choisissez une fonction de la liste."
    territories = _territories(entered.territoires, names, wrong)
    spoken = _languages(entered.langues, wrong)
    mailbox, mail = (_mail(entered, name, wrong) for name in ("boite", "courriel"))
    phone = one_phone(entered.telephone) if entered.telephone else ""
    if phone is None:
        wrong["telephone"] = "Un numéro de téléphone, comme 01 23 45 67 89."
    if any(who not in WHO_READS for who in entered.lecteurs.values()):
        wrong["lecteurs"] = "Choisissez qui lit chaque ligne dans sa liste."
    if wrong:
        raise NotWhole(replace(entered, problems=wrong))
    return Profile(
        function=entered.fonction,
        function_text=entered.intitule,
        territories=territories,
        themes=entered.themes,
        trains=entered.formation,
        trains_text=entered.former if entered.formation else "",
        helps=entered.aider,
        languages=spoken,
        mailbox=mailbox,
        mail=mail,
        phone=phone or "",
        audiences={name: cast("Audience", who) for name, who in entered.lecteurs.items()},
    )


def _territories(text: str, names: Mapping[str, str], wrong: dict[str, str]) -> tuple[str, ...]:
    codes = [canonical_code(each) for each in text.replace(";", " ").replace(",", " ").split()]
    if unknown := [each for each in codes if each not in names]:
        said = ", ".join(unknown)[:60]
        wrong["territoires"] = f"Aucun territoire n’a le numéro {said}. Écrivez par exemple 93, 2A."
    if len(codes) > MOST_CODES:
        wrong["territoires"] = f"{MOST_CODES} territoires au plus."
    return tuple(dict.fromkeys(codes))


def _languages(text: str, wrong: dict[str, str]) -> tuple[str, ...]:
    by_name = {fold(label): code for code, label in languages().items()}
    given = [each.strip() for each in text.replace(";", ",").split(",") if each.strip()]
    if unknown := [each for each in given if fold(each) not in by_name]:
        said = ", ".join(unknown)[:60]
        wrong["langues"] = f"Langue inconnue : {said}. Écrivez par exemple : anglais, arabe."
    if len(given) > MOST_CODES:
        wrong["langues"] = f"{MOST_CODES} langues au plus."
    return tuple(dict.fromkeys(by_name[fold(each)] for each in given if fold(each) in by_name))


def _mail(entered: Entered, name: str, wrong: dict[str, str]) -> str:
    text: str = getattr(entered, name)
    if not text or len(text) > LONGEST["mail"]:
        return ""
    try:
        return valid_mail(text)
    except MailMalformed:
        wrong[name] = "Une adresse électronique, comme service@exemple.fr."
        return ""

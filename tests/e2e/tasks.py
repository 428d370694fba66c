"""Ten things that people come for, done as they do them: what is written here is what they see."""

from collections.abc import Callable

from tests.e2e.person import Person

Task = Callable[[Person], None]
PLACE = "Commune, code postal ou adresse"


def go_to(person: Person, text: str, proposal: str) -> None:
    """Write a place, and press what is proposed for it."""
    person.write("combobox", PLACE, text)
    person.press("option", proposal)


def say(person: Person, situation: str) -> None:
    """Say on the page of a place what happens there."""
    person.press("button", "Que se passe-t-il ?")
    person.press("link", situation)
    person.sees("heading", situation)


def move_to(person: Person, text: str, proposal: str) -> None:
    """Name a place on the page of a situation; a phone folds the field."""
    if person.narrow:
        person.press("button", "changer de lieu")
    go_to(person, text, proposal)


def in_charge(person: Person) -> None:
    """An educator: who is in charge of a child in Saint-Denis?"""
    person.open()
    go_to(person, "Saint-Denis", "Seine-Saint-Denis")
    person.sees("heading", "Saint-Denis (93)")
    if not person.narrow:
        person.press("button", "Qui est compétent ici")
    person.calls("Département de la Seine-Saint-Denis – aide sociale à l'enfance")


def found_tonight(person: Person) -> None:
    """A police officer, at night: a child in prostitution is found in Roubaix; who takes it in?"""
    person.open(night=True)
    person.press("link", "Trouver un lieu sûr ce soir")
    person.sees("heading", "Trouver un lieu sûr ce soir")
    move_to(person, "Roubaix", "Roubaix")
    person.sees("heading", "Roubaix (59)")
    person.calls("Allô enfance en danger", local=False)


def examination(person: Person) -> None:
    """A doctor: where is a child examined and heard near Lyon?"""
    person.open()
    go_to(person, "Lyon", "Lyon")
    person.sees("heading", "Lyon (69M)")
    say(person, "Examen médical ou audition d’un enfant")
    person.calls("UAPED")


def far_from_lyon(person: Person) -> None:
    """An educator of the Métropole: a child must be lodged 100 km from Lyon; who decides?"""
    person.open()
    go_to(person, "Lyon", "Lyon")
    person.sees("heading", "Lyon (69M)")
    say(person, "Trouver un lieu sûr ce soir")
    person.press("button", "Filtres")
    person.press("button", "Éviter un secteur")
    person.choose("combobox", "Au moins à", "100 km")
    person.write("textbox", "Loin de (commune ou adresse)", "Lyon")
    person.enter()
    person.sees("link", "À plus de 100 km de Lyon")
    person.press("button", "Voir ")
    person.calls("Métropole de Lyon – protection de l'enfance")


def runaway(person: Person) -> None:
    """A father: his daughter has run away in Nantes, of which nobody sent a list."""
    person.open()
    person.press("link", "Un mineur a fugué ou a disparu")
    person.sees("heading", "Un mineur a fugué ou a disparu")
    move_to(person, "Nantes", "Loire-Atlantique")
    person.sees("heading", "Nantes (44)")
    person.calls("116 000", local=False)


def by_number(person: Person) -> None:
    """A nurse: whom to inform in département 93?"""
    person.open()
    person.write("combobox", PLACE, "93")
    person.enter()
    person.sees("heading", "Seine-Saint-Denis")
    if not person.narrow:
        person.press("button", "Qui est compétent ici")
    person.calls("Département de la Seine-Saint-Denis – aide sociale à l'enfance")


def by_words(person: Person) -> None:
    """A headmaster in département 93: who works on prostitution?"""
    person.open("/departements/93")
    person.press("button", "Filtres")
    person.write("searchbox", "Nom, sigle ou mission", "prostitution")
    person.enter()
    person.sees("link", "« prostitution »")
    person.press("button", "Voir ")
    person.calls("Commission départementale de lutte contre la prostitution")


def overseas(person: Person) -> None:
    """A doctor in Guyane, where no such unit is known: who examines a child meanwhile?"""
    person.open()
    person.write("combobox", PLACE, "Guyane")
    person.enter()
    person.sees("heading", "Guyane")
    say(person, "Examen médical ou audition d’un enfant")
    person.sees("link", "Plus loin : toute la France")
    person.calls("Centre hospitalier de Cayenne")


def open_now(person: Person) -> None:
    """A mother in Lille is worried: who listens to her now?"""
    person.open()
    person.press("link", "Je m’inquiète pour un mineur")
    person.sees("heading", "Je m’inquiète pour un mineur")
    move_to(person, "Lille", "Nord")
    person.sees("heading", "Lille (59)")
    person.press("button", "Filtres")
    person.press("button", "Quand")
    person.press("radio", "Ouvert maintenant")
    person.sees("link", "Ouvert maintenant")
    person.press("button", "Voir ")
    person.calls("L’Escale")


def shelter_at_night(person: Person) -> None:
    """An educator, at night: a place of accommodation near Lyon, whose number is not published."""
    person.open(night=True)
    go_to(person, "Lyon", "Lyon")
    person.sees("heading", "Lyon (69M)")
    say(person, "Trouver un lieu sûr ce soir")
    person.calls("Lieu d'accueil", local=False)


TASKS = (
    in_charge,
    found_tonight,
    examination,
    far_from_lyon,
    runaway,
    by_number,
    by_words,
    overseas,
    open_now,
    shelter_at_night,
)

"""Words that forbid to publish, and those that every helpline writes of itself."""

import pytest

from importers.row import ActorRow
from importers.secrecy import forbids, governs, refuses
from tests.importers.conftest import Read, workbook


@pytest.mark.parametrize(
    "text",
    [
        "Confidentiel",
        "CONFIDENTIEL",
        "adresse confidentielle",
        "12 rue des Lilas (confidentiel)",
        "Accueil de jour. CONFIDENTIEL",
        "Adresse : confidentielle",
        "ne pas diffuser",
        "Ne surtout pas communiquer l'adresse",
        "Ne pas publier cette fiche",
        "NE PAS DIFFUSER L’ADRESSE",
        "non communicable",
        "adresse non communiquée",
        "non diffusable",
        "lieu tenu secret",
        "Secret",
        "adresse secrète",
        "confidentialité de l'adresse",
        "Écoute anonyme. L'adresse est confidentielle",
        "ne souhaite pas figurer dans l'annuaire",
        "l'association ne communique pas son adresse",
        "diffusion interdite",
        "pas de diffusion",
        "à usage interne",
        "liste rouge",
        "03 21 99 77 88 (confidentiel)",
        "adresse strictement confidentielle",
        "L'adresse reste confidentielle et anonyme",
        "Informations confidentielles",
        "Ne pas mettre sur la carte SVP",
        "l'adresse doit rester discrète",
        "Rester discret sur la localisation",
        "adresse anonyme",
        "adresse à masquer",
        "pas d'affichage public",
        "à masquer",
        "hors carte",
        "refuse la diffusion",
        "12 rue des Lilas **ne pas mettre sur internet**",
        "12 rue des Lilas (adresse réservée)",
        "adresse réservée",
        "12 rue des Lilas / ndlr : pas sur la carte",
        "Ne pas ébruiter",
        "pas de pub",
    ],
)
def test_words_that_forbid_are_found_wherever_they_stand(text: str) -> None:
    found = forbids(text)
    assert found is not None
    assert found[0] == "secret"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Secrétariat",
        "secret professionnel",
        "tenu au secret médical",
        "respect de la confidentialité",
        "confidentialité garantie",
        "accueil confidentiel",
        "Accueil gratuit, anonyme et confidentiel",
        "anonyme et confidentiel",
        "écoute confidentielle et gratuite",
        "Entretiens confidentiels",
        "Gratuit / Anonyme / Confidentiel",
        "- Gratuit\n- Confidentiel\n- Sans rendez-vous",
        "Numéro gratuit, anonyme et confidentiel : 0 800 05 95 95",
        "Ligne d'écoute confidentielle",
        "Consultation confidentielle pour les mineures",
        "service confidentiel et sans jugement",
        "Ne pas hésiter à appeler",
        "Formation réservée aux professionnels de santé du territoire et aux bénévoles",
        "publication d'un guide",
        "Un lieu confidentiel et gratuit",
        "Vos données restent confidentielles",
        "Nous respectons le secret",
        "Tout ce que vous dites reste confidentiel",
        "Ne pas hésiter à communiquer avec nous",
        "Lieu neutre, discret et confidentiel",
        "Ligne anonyme et gratuite",
        "Un accueil discret, sans rendez-vous",
        "Refuser les violences, diffusion de films",
    ],
)
def test_what_helplines_write_of_themselves_forbids_nothing(text: str) -> None:
    assert forbids(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "réservé aux professionnels",
        "ligne réservée aux professionnels",
        "uniquement pour les professionnels",
        "03 21 99 77 88 réservé aux professionnels",
        "adresse réservée aux professionnels et aux bénévoles du service, merci",
    ],
)
def test_what_is_for_professionals_is_known_apart(text: str) -> None:
    found = forbids(text)
    assert found is not None
    assert found[0] == "professionals"


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Téléphone confidentiel", "phone_withheld"),
        ("Téléphone non communicable", "phone_withheld"),
        ("Tél. personnel", "phone_withheld"),
        ("Téléphone privé", "phone_withheld"),
        ("Ligne directe", "phone_withheld"),
        ("N° direct du directeur", "phone_withheld"),
        ("Numéro non communiqué", "phone_withheld"),
        ("Mail direct", "email_withheld"),
        ("Courriel du référent", "email_withheld"),
        ("Accord de publication", "consent_on"),
        ("Désaccord de publication", "consent_on"),
        ("Refus de diffusion", "consent_on"),
        ("Autorisation de mise en ligne", "consent_on"),
        ("Consentement", "consent_on"),
        ("OK pour figurer sur la carte ?", "consent_on"),
        ("Visible grand public", "consent_on"),
        ("Annuaire public", "consent_on"),
        ("À afficher", "consent_on"),
        ("Autorise publication adresse (O/N)", "consent_on"),
        ("Téléphone", None),
        ("Téléphone communicable", None),
        ("Mail", None),
        ("Date d'autorisation", None),
        ("Nom", None),
        ("Directeur", None),
        ("Accord-cadre", None),
        ("Public", None),
        ("Site internet", None),
        ("Carte", None),
    ],
)
def test_titles_that_govern_secrecy_are_read_whole(title: str, field: str | None) -> None:
    assert governs(title) == field


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("NON 03 21 99 77 88", True),
        ("ne pas communiquer : 03 21 99 77 88", True),
        ("03 21 99 77 88 sous réserve", True),
        ("03 21 99 77 88 ?", True),
        ("03 21 99 77 88 réservé aux professionnels", True),
        ("03 21 99 77 88 non stop", False),
        ("03 21 99 77 88 (gratuit et confidentiel)", False),
        ("Accueil 03 21 99 77 88", False),
    ],
)
def test_a_negation_or_a_doubt_beside_a_number_refuses(text: str, refused: bool) -> None:
    assert refuses(text) == refused


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("Téléphone communicable", "NON 03 21 99 77 88"),
        ("Téléphone", "ne pas communiquer : 03 21 99 77 88"),
        ("Téléphone", "03 21 99 77 88 (confidentiel)"),
        ("Téléphone", "Refusé le 12/03/2026, 03 21 99 77 88"),
        ("Téléphone", "ligne privée 03 21 99 77 88"),
        ("Téléphone", "03 21 99 77 88, aucune diffusion"),
        ("Téléphone", "ligne interne 03 21 99 77 88"),
        ("Téléphone", "portable perso 06 12 34 56 78"),
        ("Téléphone", "03 21 99 77 88 (sur liste rouge)"),
    ],
)
def test_a_number_beside_a_refusal_is_kept_unpublished_and_the_line_says_so(
    read: Read, title: str, cell: str
) -> None:
    result = read(f"Nom;Type;Commune;{title}\nA;Association;Bobigny;{cell}\n")
    (row,) = result.rows
    assert row.phones == row.unpublished
    assert len(row.phones) == 1
    assert title in [problem.column for problem in result.problems]


def test_a_number_that_answers_without_a_break_is_taken(read: Read) -> None:
    result = read("Nom;Type;Commune;Téléphone\nA;ASE;Bobigny;03 21 99 77 88 non stop\n")
    assert result.rows[0].phones == ("+33321997788",)
    assert result.rows[0].unpublished == ()


def test_a_disagreement_is_read_as_one(read: Read) -> None:
    (row,) = read(
        "Nom;Type;Commune;Désaccord de publication\nA;Association;Bobigny;12/03/2026\n"
    ).rows
    assert row.consent == "Désaccord de publication : 12/03/2026"
    assert [(sign.says, sign.field) for sign in row.signs] == [("secret", "consent")]
    assert not hasattr(row, "consent_on")


@pytest.mark.parametrize(
    "title",
    ["Téléphone non communicable", "Tél. direct", "Téléphone personnel", "Numéro confidentiel"],
)
def test_numbers_below_a_title_that_withholds_are_kept_unpublished(read: Read, title: str) -> None:
    result = read(f"Nom;Type;Commune;{title}\nA;Association;Bobigny;03 21 99 77 88\n")
    (row,) = result.rows
    assert row.phones == row.unpublished == ("+33321997788",)
    assert row.signs == ()
    assert result.left_aside == ()


def one(read: Read, **line: str) -> ActorRow:
    line = {"Nom": "Les Lilas", "Type": "Association", "Commune": "Bobigny"} | line
    return read(";".join(line) + "\n" + ";".join(line.values()) + "\n").rows[0]


def said(row: ActorRow) -> list[tuple[str, str]]:
    return [(sign.says, sign.field) for sign in row.signs]


@pytest.mark.parametrize(
    ("title", "cell", "field"),
    [
        ("Nom", "Les Lilas (adresse confidentielle)", "name"),
        ("Adresse", "12 rue des Lilas - ne pas diffuser", "address"),
        ("Description", "Accueil de jour. Adresse confidentielle", "description"),
        ("Horaires", "9h-17h, lieu tenu secret", "opening_hours"),
        ("Missions", "Écoute, non communicable", "functions"),
        ("Tél", "01 43 93 93 93 (confidentiel)", "phone"),
        ("Mail", "contact@lilas.fr - ne pas publier", "email"),
        ("Public", "filles, confidentiel", "audiences"),
    ],
)
def test_a_cell_that_asks_for_secrecy_hides_the_actor(
    read: Read, title: str, cell: str, field: str
) -> None:
    row = one(read, **{title: cell})
    assert ("secret", field) in said(row)
    assert row.description is None
    assert row.opening_hours is None
    assert row.unpublished == (*row.phones, *row.emails)


def test_a_text_that_forbids_is_not_taken_and_the_line_says_so(read: Read) -> None:
    result = read("Nom;Type;Commune;Description\nA;ASE;Bobigny;Ne pas diffuser cette fiche\n")
    assert result.rows[0].description is None
    assert [problem.column for problem in result.problems] == ["Description"]


def test_what_is_for_professionals_withholds_the_value_alone(read: Read) -> None:
    row = one(read, Tél="01 43 93 93 93 réservé aux professionnels", Mail="contact@lilas.fr")
    assert row.unpublished == ("+33143939393",)
    assert row.signs == ()
    row = one(read, Nom="Foyer", Tél="01 43 93 93 93 réservé aux professionnels")
    assert said(row) == [("houses", "name"), ("secret", "phone")]
    row = one(read, Adresse="1 rue X (adresse réservée aux professionnels)")
    assert said(row) == [("mentions", "address")]


@pytest.mark.parametrize(
    "remark",
    [
        "(pro uniquement)", "(interne CD)", "[privé]", "(à protéger)", "(sensible)", "(confid.)",
        "- merci de ne pas le dire", "(discrétion)", "— ne figure pas", "CONF.", "(à taire)",
        "(adr. masquée)",
        "(cf. convention)", "(N.C.)", "(uniquement sur orientation ASE)", ", confid.",
    ],
)  # fmt: skip
def test_a_remark_behind_an_address_that_may_ask_for_secrecy_holds_it(
    read: Read, remark: str
) -> None:
    assert said(one(read, Adresse=f"12 rue des Lilas {remark}")) == [("mentions", "address")]


@pytest.mark.parametrize(
    "address",
    [
        "12 rue des Lilas (bât. C)", "12 impasse Privée", "12 rue de la Réserve - 2e étage",
        "12 rue des Lilas (uniquement sur rendez-vous)", "12 rue des Lilas, interphone 3",
        "Hôtel de ville - 1 place Sensible", "12 rue X (accès par la cour)",
        "1 rue Secrétan", "5 rue Conf. Jean", "12 rue des Lilas (Maison des pros de santé)",
    ],
)  # fmt: skip
def test_what_stands_in_ordinary_addresses_holds_nothing(read: Read, address: str) -> None:
    assert said(one(read, Adresse=address)) == []


def test_a_note_beside_the_table_hides_as_a_column_does(read: Read) -> None:
    titles = ["Nom", "Type", "Commune", "Adresse"]
    actor = ["Les Lilas", "Association", "Bobigny", "12 rue des Lilas"]
    (row,) = read(workbook(titles, [*actor, None, "hébergement de mineures"]), "l.xlsx").rows
    assert said(row) == [("mentions", "unread")]
    (row,) = read(workbook(titles, [*actor, "adresse confidentielle"]), "l.xlsx").rows
    assert ("secret", "unread") in said(row)


def test_a_helpline_stays_open(read: Read) -> None:
    row = one(
        read,
        Description="Écoute anonyme et confidentielle, respect du secret professionnel",
        Tél="0 800 05 95 95 (gratuit et confidentiel)",
        Mail="contact@lilas.fr",
    )
    assert row.signs == ()
    assert row.unpublished == ()
    assert row.description

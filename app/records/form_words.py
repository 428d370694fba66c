"""What the reader of lists says, in the words of a form."""

_INSTEAD = {
    " ; le reste de la ligne est repris": "",
    "de la cellule": "du champ",
    "la cellule": "le champ",
    "cette cellule": "ce champ",
    "Cette cellule": "Ce champ",
    "ces cellules": "ces champs",
}


def as_in_a_form(sentence: str) -> str:
    """Return a sentence about a cell of a list as one about a field."""
    for of_list, of_form in _INSTEAD.items():
        sentence = sentence.replace(of_list, of_form)
    return sentence

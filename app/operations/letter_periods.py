"""How long what is kept of the letter stays: rows of the one table, app/operations/retention.py."""

from app.operations.period import Period

LETTERS = (
    Period(
        "les abonnements à la lettre (adresse électronique, jour et texte de l'accord, scellés)",
        "envoyer la lettre à qui la demande, et prouver qu'il l'a demandée",
        until="jusqu'à ce que la personne parte ; sans confirmation, sept jours ; refusés par leur"
        " serveur, trois mois",
    ),
    Period(
        "les lettres (scellées), et ce qui est publié d'elles",
        "les envoyer, et les laisser à relire",
        until="tant que la lettre existe",
    ),
    Period(
        "les envois de chaque lettre (identifiants au hasard des abonnements, et ce qu'il en est)",
        "n'en envoyer deux à personne, et reconnaître celles qui reviennent",
        until="trois mois après l'envoi, jusqu'à la nuit suivante",
    ),
    Period(
        "ce qui est demandé par le lien d'un message (scellé)",
        "confirmer, partir, ou recevoir moins souvent",
        until="jusqu'à ce que ce soit fait, en quelques minutes",
    ),
)

"""Which texts of the form tell of a child: none is stored; which only correct a sheet: all are."""

import pytest

from app.inbox.screening import tells_of_a_child

OF_A_CHILD = """
Aidez-moi svp mon beau-père me touche la nuit
j'ai peur de rentrer chez moi
Il me frappe tous les jours et ma mère ne dit rien
J'ai 14 ans et un homme m'a forcée à faire des choses
ma fille a fugué depuis trois jours et elle est avec des hommes plus âgés
Ma soeur se prostitue je crois, elle a 15 ans
mon amie envoie des nudes et un mec la menace de tout publier
Il me fait chanter avec mes photos intimes
je veux mourir
Je suis en danger
Je me suis enfuie du foyer et je dors à l’hôtel
mon copain me force a voir des clients
une jeune fille de 13 ans fait des passes dans un airbnb à côté de chez moi
Je pense que ma voisine bat son fils, on entend des coups
Un de mes élèves m'a montré des bleus, il a peur de son père
Ma fille de 16 ans ne rentre pas la nuit, elle a un proxénète
AIDEZ MOI MON PERE ME TAPE
on m'a violée et personne ne me croit
mon entraîneur m’a touché dans les vestiaires
Je suis prof, une élève me dit qu'elle est enceinte et elle a 13 ans, que faire ?
mon fils reçoit des menaces sur snap, on lui demande de l'argent contre ses photos intimes
il y a des filles de 14 ans dans un appartement avec des hommes et de la drogue, je les vois passer
Mon oncle m'a obligé à le toucher
Elle m’a dit que son mac va la tuer si elle parle
je sais plus quoi faire ma fille disparaît tous les week-ends
J’en peux plus, aidez-nous
Le petit a des bleus partout
mon frère a été violé au foyer
Mon ex fait du mal à mes enfants
une copine vend son corps sur internet
Bonjour je m'appelle Léa j'ai 12 ans, mon papi me fait des choses que j'aime pas
Mon grand-père me demande de dormir avec lui, je veux que ça s'arrête
je suis placé en foyer et un éducateur vient dans ma chambre le soir
on me demande des photos de mon corps sur insta et j'ai envoyé, maintenant il veut 200 euros
Ma fille de 15 ans rentre avec des vêtements de marque et de l'argent, je crois qu'elle se vend
ma nièce est retenue dans un appartement par un garçon plus vieux
Je pense que mon fils est victime de son professeur de musique
des garçons m'ont filmée et ils menacent de mettre la vidéo en ligne
Il m’a déshabillée de force
Papa me donne des coups de ceinture
je me coupe les bras et je ne mange plus
Un monsieur m'a proposé de l'argent pour coucher avec lui
je couche avec des gens contre de l'argent, je voudrais arrêter
mon petit ami veut que je rencontre ses potes à l'hôtel
J'ai été agressée sexuellement hier soir
ma soeur de 13 ans parle avec un homme de 40 ans qui veut la voir
aidé moi sil vous plait
il ma violer
jai peur il va revenir
Ma petite fille me raconte que son père la touche
Une fillette est seule dans la rue tous les soirs, elle a l'air terrorisée
Je veux porter plainte contre mon beau-père
Mes parents m'enferment dans la cave
mon ado a disparu, la police ne fait rien
Les enfants du dessus pleurent toute la nuit, ils sont battus
je dors dehors depuis que mes parents m'ont mise à la porte j'ai 16 ans
Elle a 14 ans et elle est sur un site d'escort
ils m’ont donné de la drogue et après je me souviens plus
Que faire si un élève dit qu'il est frappé chez lui ?
mon frere me viole depuis 2 ans
Bonjour, j'ai 13 ans et mon beau-frère me fait des choses sales
Quelqu'un m'a filmée sous la douche au foyer
Ma mère me laisse seule des jours entiers sans manger
On me frappe au foyer et personne m'écoute
ma fille part tous les soirs dans des voitures avec des inconnus
mon fils de 9 ans a des comportements sexuels depuis qu'il va chez son père
un gars m'a fait boire et après il a fait ce qu'il voulait
je suis obligée de ramener de l'argent tous les jours à mon copain
il m'a dit que si je parle il tuera mon chien
ma cousine est mariée de force cet été
on va m'emmener au pays pour m'exciser
ma sœur de 14 ans est à l'hôtel avec des hommes
Mon élève de CM2 arrive avec des marques de brûlures
je me fais harceler sur snap par des garçons qui ont ma photo
Je ne veux plus retourner chez papa le week-end
mon ex menace d'envoyer mes photos à toute l'école
j'ai fait une bêtise, j'ai envoyé une photo de moi sans vêtements
mon oncle vient dans mon lit
au foyer une éducatrice nous enferme la nuit
une jeune fille pleure dans l'appartement d'en face et plusieurs hommes entrent
SOS
je veux pas rentrer chez moi ce soir
mon père boit et il nous tape moi et mon frère
ma belle-fille de 15 ans dit qu'elle a été forcée
j'ai été abusé quand j'étais petit
Mon demi-frère entre dans la douche quand j'y suis
J'ai 15 ans, je suis enceinte et j'ose pas le dire
Ma meilleure amie dort chez un homme qu'elle a connu sur internet
un inconnu me demande de lui montrer mon corps à la webcam
mon papa crie et casse tout à la maison
Ma tante nous prive de nourriture
il me dit que je dois rembourser en couchant
les grands du foyer m'obligent à voler
mon fils de 11 ans a reçu une vidéo pornographique d'un adulte
je me sens sale depuis ce qu'il m'a fait
Je crois qu'une ado du collège se fait payer par des adultes
Le petit garçon du 3e hurle tous les soirs
on a mis des photos de ma fille nue sur un groupe telegram
ma fille s'est confiée à moi, son entraîneur l'a embrassée
j'ai besoin de parler à quelqu'un
mes parents veulent m'envoyer me marier
je suis à la rue avec ma petite soeur
Je veux juste que ça s'arrête
mon copain a ma carte et choisit avec qui je dors
une gamine de 12 ans fait la manche jour et nuit devant la gare
""".strip().splitlines()

CORRECTIONS = """
Le numéro n’est plus attribué, le bon est le 01 99 00 00 09
Fermé définitivement depuis mars 2026
L'association a déménagé au 12 rue de la République, 93000 Bobigny
Ouvert du lundi au vendredi de 9h à 18h, fermé le mercredi après-midi
Je travaille dans ce service : nous accueillons désormais les mineurs victimes de prostitution
Le nom exact est « Viol Femmes Informations »
Ce numéro est celui de l'ancien standard, personne ne répond
Nous ne faisons plus d'accueil des victimes d'agression sexuelle, voir l'UAPED de l'hôpital
L'Amicale du Nid accompagne aussi les mineures en danger de prostitution
Le service s'appelle maintenant Protection des mineurs en danger
Le foyer n’héberge plus que des garçons
Le courriel a changé : contact@example.org
La permanence du samedi est supprimée
C'est le numéro du fax
L’adresse est fausse, il s’agit du tribunal de Lyon
Il manque le département 69 dans les territoires couverts
Le site internet ne fonctionne plus
Bonjour, je suis la directrice de l'association. Merci de corriger nos horaires.
La brigade de protection des familles est passée dans un autre commissariat
Ce lieu n'existe plus, remplacé par la Maison des adolescents
Le numéro donne sur un particulier qui en a assez d'être appelé
J'ai appelé trois fois, personne ne répond
Le nom de la rue est mal écrit : rue du Petit Château
Écoute des enfants maltraités : ce n'est plus leur mission
Consultation de psychotraumatisme pour enfants victimes de violences, le mardi seulement
Le numéro d’urgence est le 06 99 00 00 10 la nuit
Les clients de la boutique voisine se garent devant : entrée par la cour
L’accueil de jour est à l’hôtel-Dieu, pas à l’adresse indiquée
Numéro faux : c'est celui d'un hôtel
Mon employeur (CIDFF) a changé d’adresse, nous sommes au 4 place du Marché
Nous touchons aussi l’Isère depuis janvier
Le standard est coupé entre midi et deux
Un homme m’a répondu que ce n’était pas le bon service
La personne à contacter est partie à la retraite
Point rencontre pour les enfants de parents séparés : fermé en août
L'ADVSEA s'appelle désormais Sauvegarde 84
Le téléphone indiqué est celui de la mairie
La ligne a été résiliée
Fermeture annuelle en août
Erreur dans l'intitulé : UAPED et non UMJ
Le 3919 concerne les femmes victimes de violences, pas les mineurs
Notre équipe suit les enfants exposés aux violences conjugales, ajoutez cette mission
Ce service ne reçoit que sur signalement du parquet
Ouvert 24h/24 et 7j/7
Merci d'ajouter que l'accueil est gratuit et anonyme
Mauvais code postal, c'est 69003
Je suis assistante sociale et mes collègues tombent toujours sur une boîte vocale
Le foyer d'urgence a fermé après un incendie
Les horaires de la consultation enfance en danger : mardi et jeudi 14h-17h
L'association ne fait plus de maraudes auprès des mineures en situation de prostitution
Le centre est au 2e étage, ascenseur en panne
Ce n'est pas un CIDFF mais un planning familial
Remplacer « Mme Durand » par le secrétariat
Le numéro a un chiffre de trop
Nous avons fusionné avec l'association Le Nid
Ajoutez l'anglais et le roumain aux langues parlées
Le site renvoie vers une page publicitaire
La CRIP se joint au 0800 et non au standard du département
Nous recevons les jeunes de 11 à 21 ans, pas seulement jusqu'à 18
Doublon avec la fiche de la Maison de protection des familles
Cette adresse est confidentielle, merci de la retirer
Le point sur la carte est à 3 km du bon endroit
Le parking est payant
L'équipe mobile intervient dans les hôtels où sont logés les mineurs
Adresse mail erronée, il manque un tiret
Numéro de SIRET erroné
Ce psychologue a pris sa retraite
La brigade des mineurs est joignable au 17
Nous sommes un lieu d'écoute pour ados fugueurs, le nom a changé
Un usager nous a dit que votre numéro était faux
J'ai essayé d'appeler pour ma fille et ça ne répond jamais
Mon fils a été reçu là-bas, l'entrée est rue Pasteur
Accès handicapé : oui, rampe à droite
Le service a changé de nom en 2025
Les permanences au collège sont supprimées
Téléphone coupé
Les horaires du secrétariat sont 8h30-12h
Fiche en double
Ce numéro n'a jamais été le nôtre, nous sommes une boulangerie
Merci de mettre le 04 99 00 00 12 à la place
L'UAPED a déménagé dans le bâtiment B du CHU
Il manque l'adresse mail du parquet des mineurs
L'accueil se fait uniquement sur rendez-vous
Nous ne prenons plus en charge les auteurs de violences sexuelles
Association dissoute
La permanence d'écoute des enfants victimes a lieu au tribunal
Le nom de la directrice ne doit pas apparaître
Le point GPS tombe dans la Seine
Adresse exacte : 3 rue du Docteur Coups
Ce foyer accueille des mères seules avec enfants
La maison des femmes suit aussi les jeunes filles à partir de 15 ans
Nous accompagnons les jeunes en fugue et leurs familles
Le standard de nuit est le 06 99 00 00 33
Pour les mineurs non accompagnés voir plutôt la plateforme du département
Ils ne répondent que le matin
Une collègue m'a signalé que le site est piraté
Changement de nom : SAFE devient ESPACE JEUNES
Je suis magistrate, le ressort indiqué n'est pas le bon
Il faut appuyer sur 2 puis 3 au serveur vocal
Le juge des enfants est au 2e étage
L'antenne de Douai est ouverte, pas celle de Lens
Nouveau responsable : M. Petit
La ligne directe du commissariat est erronée
Notre structure n'accueille plus les 0-3 ans
Merci d'enlever le 15 août des jours d'ouverture
C'est devenu une maison France Services
Le tram T1 passe devant, station Hôpital
Le nom complet est Foyer départemental de l'enfance
L'association n'intervient plus auprès des victimes de traite
Les mails reviennent en erreur
Je suis parent d'élève et le numéro de l'infirmière scolaire n'est pas celui-ci
Ma fille a été suivie ici, le service est maintenant à l'étage
Mon mari a appelé hier, ce n'est plus le bon numéro
Ce lieu propose aussi une aide aux devoirs
La hotline signalement est gratuite
Le bureau des étrangers n'a rien à voir avec cette fiche
Ils ont une page Facebook
Un numéro WhatsApp existe : 07 99 00 00 21
L'horaire d'hiver n'est pas à jour
Service réservé aux moins de 13 ans
Le gardien m'a dit que l'association est partie
""".strip().splitlines()


@pytest.mark.parametrize("number", range(len(OF_A_CHILD)))
def test_what_tells_of_a_child_is_found(number: int) -> None:
    assert tells_of_a_child(OF_A_CHILD[number]), OF_A_CHILD[number]


@pytest.mark.parametrize("number", range(len(CORRECTIONS)))
def test_what_only_corrects_a_sheet_is_let_through(number: int) -> None:
    assert not tells_of_a_child(CORRECTIONS[number]), CORRECTIONS[number]


@pytest.mark.parametrize(
    "text",
    [
        "J’AI PEUR",
        "j'ai  peur",
        "Fermé le mardi.\nAu secours",
        "Bonjour ! aidez‑moi",
        "mon be\u00adau-père me frappe",
        "ma fille a fugué",
    ],
)
def test_however_it_is_written(text: str) -> None:
    assert tells_of_a_child(text)


def test_two_sentences_are_not_read_as_one() -> None:
    assert not tells_of_a_child(
        "Mon fils travaille ici. Le numéro du 119 « enfance en danger » manque."
    )
    assert not tells_of_a_child("")

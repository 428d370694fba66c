"""A child who is sold or shown is told of; what a service does for such children corrects."""

import pytest

from app.inbox.screening import tells_of_a_child

OF_A_CHILD = """
une fille de 13 ans est vendue
jeune fille 14 ans vendue par son copain
une mineure est prostituée à l'hôtel
petite de 13 ans au hotel formule 1 avec des clients
vend des gamines
elle a seulement 13 ans, les grands la font monter voir des clients
des photos nues de moi circulent au collège
des hommes vendent des ados sur telegram
Mineure de 15 ans vendue sur un site, je connais le gars
il y a une collégienne avec des clients toute la journée au dernier étage
gamines prostituées dans l'immeuble d'à côté
un mec de ma cité vend des filles de ma classe
deux filles de 16 ans dans un airbnb rue Victor Hugo, des voitures toute la nuit
Réseau de proxénétisme avec des mineures du foyer
enfant de 12 ans prostituée par sa tante
lycéenne 17 ans michetonneuse, elle est sous emprise
une fille de ma classe voit des clients le soir
ils ont fait tourner une vidéo intime d'une élève de 4e
une petite de 11 ans fait des passes
Une fille du foyer a un mac
quelqu'un a publié une photo de moi toute nue
3 mineures en fugue à l'hôtel avec un adulte
Il prostitue des mineures, voici sa plaque
elle est tombée dans un réseau, 14 ans
Il revend la petite à ses potes
un garçon de 15 ans se fait prostituer près de la gare
fille 13 ans nue sur snap
des grands font travailler des gamines dans des hôtels
on a vendu ma camarade, elle a 12 ans
mes photos nue sont sur tout le lycée
des clients viennent voir une ado au 4e
une fille de 15 ans reçoit des clients chez son copain
un homme héberge des mineures et les prostitue
une fille de ma famille d'accueil est prostituée
Adresse : 3 rue des Lilas, des clients viennent voir une ado de 14 ans
ils vendent des gamines dans une maison rue Pasteur
Petite de 12 ans seule avec des vieux dans un airbnb
ma copine de classe est michto, elle a 15 ans et elle va à l'hôtel
photo de moi nue sur snap, tout le lycée l'a vue
quelqu'un fait circuler une vidéo intime de moi
jeune de 16 ans exploité par un réseau
il fait bosser des mineures pour lui, c'est un proxo
annonce avec une mineure, 150 euros la demi-heure
les filles du foyer se font recruter par des macs
fugueuse de 14 ans chez un adulte
elles ont 13 et 15 ans et font le trottoir
une élève de 3e vend des photos d'elle nue
on veut me vendre à un autre mec
mon mec me vend
fille de 12 ans échangée contre de la drogue
un gars met des mineures sur sexemodel
des filles mineures à vendre sur snap
mon voisin fait venir des gamines et des hommes paient
Il l'a vendue à trois hommes, elle avait 14 ans
collégienne prostituée par des garçons de son quartier
hôtel Ibis porte de Bagnolet, une fille de 15 ans avec plusieurs hommes
je suis mineure et je fais des clients
ils ont mis ma photo nue sur un groupe
une enfant est louée à des touristes
un proxénète attend les filles à la sortie du lycée
la petite est emmenée en airbnb tous les week-ends
on a fait une vidéo intime avec mon copain et il l'a publiée
2 gamines en fugue chez un dealer
ado de 16 ans sous l'emprise d'un mac, elle doit payer chaque soir
mineur de 17 ans prostitué, parking de la forêt
ma classe a vu mes photos intimes
Une fille de 13 ans se fait passer pour majeure sur onlyfans
un homme achète des filles de 12 ans
lycéennes recrutées sur insta pour des passes
petite sœur vendue à 13 ans par son ex
dans mon immeuble une mineure voit dix clients par jour
""".strip().splitlines()

CORRECTIONS = """
Accueille les mineurs de 13 à 18 ans victimes de prostitution
Consultation pour jeunes filles de 14 ans et plus
Foyer pour mineures en fugue : numéro faux
L'association n'aide plus les mineures prostituées
Ligne réservée aux clients de l'opérateur, pas aux enfants
Les enfants sont logés en hôtel social avec leur mère
La maison d'enfants a été vendue, elle est maintenant à Melun
Le bâtiment est vendu, le foyer pour filles part en juin
Spécialisé dans la prostitution des mineurs, pas seulement la protection de l'enfance
Le réseau compte trois lieux pour adolescents
Maraude auprès de mineures prostituées dans les hôtels : le jeudi seulement
Brigade de répression du proxénétisme : ne traite pas les mineurs
Le 3018 traite la diffusion de photos intimes de mineurs
Équipe pour jeunes de 12 à 17 ans en situation prostitutionnelle
Le numéro des mineures victimes de proxénétisme a changé
Prévention du michetonnage auprès des collégiennes, en semaine
L'école des enfants est au 5 rue Mac-Mahon
Le service des mineurs est à l'hôtel de ville, 2e étage
Lieu mère-enfant à l'hôtel du département
Filles de 13 à 17 ans uniquement, les garçons vont à Créteil
Hébergement en hôtel pour mineures de 16 ans et plus, sur orientation de l'ASE
Le standard fait patienter les clients, choisir « enfance »
Association qui vend des jouets pour les enfants, rien à voir
Élèves du collège voisin : passer par l'infirmerie
La fiche dit « mineures prostituées », c'est « mineures en danger »
Atelier sur les photos intimes pour les élèves de 3e
Le CIDFF s'occupe des femmes, pas des mineures prostituées
Numéro d'un hôtel, pas du foyer de l'enfance
L'hôtel social de la rue Brune loge des familles avec enfants
Nous ne suivons plus les jeunes en fugue de plus de 16 ans
Point d'accueil jeunes 11-17 ans, fermé pendant les vacances
Pas de prise en charge des enfants victimes de proxénétisme depuis 2025
Le site vend maintenant des montres, ce n'est plus l'Enfant Bleu
Le local de l'association Les Petits a été vendu
Numéro gratuit pour les clients SFR, enfants compris
Le nom exact est « Mineures en danger prostitutionnel »
Nouveau : groupe de parole pour adolescentes ayant connu la prostitution
La ligne d'écoute est pour les ados de 12 ans et plus
Unité pour mineurs auteurs, pas victimes
Le bureau est au-dessus de l'Hôtel de France, sonner à « Enfance »
Ce réseau d'appartements pour mineures a fermé
Le foyer de filles est devenu mixte
Accueil mères mineures et leur enfant
Hôtel des mineurs non accompagnés : fermé
L'infirmière voit les élèves le mardi
Ancien numéro d'Agir contre la prostitution des enfants (ACPE)
Service de prévention de la prostitution des mineurs, tél. à corriger
L'éducatrice spécialisée pour les mineures prostituées est en congé jusqu'en mai
Le lieu s'appelle « Hôtel maternel », pour mères mineures
Ancien nom : Les Enfants du Nid
L'établissement reçoit désormais les filles et les garçons de 6 à 17 ans
Les bureaux ont été vendus, la protection de l'enfance est à la cité administrative
Les mineurs de 15 ans sont orientés vers l'UAPED
Le relais hôtel du 115 n'accepte pas les enfants seuls
Nous ne sommes pas un hôtel mais un foyer pour adolescents
Cabinet d'avocats : défense des mineures prostituées
Plateforme pour jeunes en fugue : plus joignable depuis un mois
Les élèves majeurs ne sont pas reçus
Mission mineurs en fugue : adresse à Pantin
Lycée de filles, pas un service social
Il faut écrire proxénétisme de mineurs et non pédophilie
Accueil de jour pour enfants en hôtel, le mercredi
Numéro vendu à un centre d'appels, plus de ligne enfance
Entrée par l'hôtel particulier, bâtiment Enfants
Le réseau VIF ne couvre pas les enfants de moins de 3 ans
Photos nues : voir Point de contact et non cette fiche
C'est un hôtel, pas un foyer de mineurs
Installés depuis 15 ans dans un hôtel particulier
L'ancien siège est vendu depuis 12 ans
""".strip().splitlines()


@pytest.mark.parametrize("text", OF_A_CHILD)
def test_a_child_who_is_sold_or_shown_is_found(text: str) -> None:
    assert tells_of_a_child(text)


@pytest.mark.parametrize("text", CORRECTIONS)
def test_what_a_service_does_for_such_children_is_let_through(text: str) -> None:
    assert not tells_of_a_child(text)

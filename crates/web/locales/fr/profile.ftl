# Son propre profil, et les équipes.
profile-title = Mon profil
profile-lead = La façon dont les pages vous parlent. Rien ne change pour les autres.
profile-language = Langue
profile-language-help = Sans choix, celle que demande votre navigateur.
profile-browser = Selon le navigateur
profile-zone = Fuseau horaire
profile-zone-help = Son nom, par exemple Europe/Paris. À défaut, celui de l’organisation : { $zone }.
profile-dates = Dates
profile-dates-words = Selon l’usage de la langue : { $example }
profile-week = La semaine commence le
profile-week-usual = Lundi (usuel)
profile-week-monday = Lundi
profile-week-saturday = Samedi
profile-week-sunday = Dimanche
profile-saved = Enregistré. Vos pages parlent ainsi désormais.
profile-now = Maintenant, tel que vos pages l’écrivent
profile-number = Un nombre
profile-moment = Un moment
settings-profile = Mon profil
settings-teams = Équipes
teams-title = Équipes
teams-lead = Un rôle peut donner accès aux fiches de sa propre équipe : ce que ses membres ont créé pendant qu’ils en faisaient partie. On accède toujours aux siennes.
teams-none = Aucune équipe
teams-none-note = Une équipe réunit des collègues qui travaillent sur les mêmes fiches. Nommez la première.
teams-add = Ajouter une équipe
teams-name = Nom de l’équipe
teams-name-help = Comme on la nomme chez vous, par exemple Ventes Nord. Pas le nom d’une personne.
teams-member-count = { $count ->
    [0] Personne
    [one] { $n } membre
   *[other] { $n } membres
}
team-rename = Renommer
team-member-add = Ajouter un collègue
team-member-choose = Collègue
team-member-choose-help = Qui est dans une autre équipe la quitte.
team-member-remove = Retirer { $name }
team-remove = Retirer
team-delete = Dissoudre l’équipe
team-delete-note = Ses membres ne sont alors dans aucune équipe. Qui accédait à des fiches par cette équipe n’y accède plus ; chacun garde les siennes.
team-done-made = L’équipe est créée. Ajoutez ses membres.
team-done-renamed = Renommée.
team-done-joined = Ajouté. Valable dès la prochaine requête.
team-done-left = Retiré. Valable dès la prochaine requête.
team-done-dissolved = L’équipe est dissoute.
team-known = Une équipe porte déjà ce nom. Choisissez-en un autre.

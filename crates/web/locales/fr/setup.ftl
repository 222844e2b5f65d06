# Première installation et connexion.
setup-steps = Étapes
setup-step-you = Vous
setup-step-place = Pays et secteur
setup-step-start = Début
setup-you-title = Installer Probity
setup-you-lead = Vous en serez l’administrateur. Cela prend environ une minute.
setup-code = Code à usage unique
setup-code-help = Il figure dans le terminal où Probity a été lancé, pour que personne d’autre ne puisse s’approprier cette maison.
setup-name = Votre nom
setup-email = E-mail
setup-password = Mot de passe
setup-password-help = Au moins 12 caractères. Une phrase est facile à retenir et difficile à deviner.
setup-next = Continuer
setup-place-title = Pays et secteur
setup-place-lead = Ils déterminent les règles de conservation du départ. Vous pourrez toutes les modifier ensuite.
setup-country = Pays
setup-industry = Secteur
setup-adopt = Adopter ces règles
setup-preview = Voir les règles
setup-legal = Un point de départ vérifié, avec ses sources ; pas un conseil juridique.
rule-statutory = loi
rule-recommended = recommandée
setup-start-title = Comment voulez-vous commencer ?
setup-import = Importer mon tableau
setup-import-note = CSV, Excel ou vCard. Vous voyez ce qui se passera avant que rien ne soit écrit.
setup-demo = Voir des données de démonstration
setup-demo-note = 300 personnes inventées avec e-mails, opportunités et demandes. Elles s’enlèvent en un clic.
setup-empty = Commencer à vide
setup-empty-note = Créez votre première fiche à la main.
sign-in-title = Connexion
sign-in = Se connecter
sign-in-expired = Votre session a pris fin. Votre texte est conservé ; connectez-vous pour reprendre où vous en étiez.
setup-adopted = { $count ->
    [one] { $n } règle est en place.
   *[other] { $n } règles sont en place.
}
industry-general = Général
industry-trade = Commerce
industry-finance = Finance
industry-health = Santé
industry-education = Éducation
industry-telecom = Télécommunications
industry-public = Administration publique
industry-children = Services pour enfants
industry-legal = Services juridiques

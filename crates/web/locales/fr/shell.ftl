# Le cadre de chaque page, et les mots que toutes partagent.
lang = fr
dir = ltr
product = Probity
skip = Aller au contenu
nav-main = Navigation principale
nav-home = Accueil
nav-people = Personnes
nav-companies = Entreprises
nav-deals = Opportunités
nav-messages = Messages
nav-tasks = Tâches
nav-cases = Dossiers
nav-orders = Commandes
nav-products = Produits
nav-campaigns = Campagnes
nav-compliance = Conformité
nav-requests = Demandes
nav-retention = Conservation
nav-approvals = Approbations
nav-evidence = Preuves
nav-settings = Réglages
nav-more = Plus
search = Rechercher
search-placeholder = Chercher personnes, entreprises, messages
search-key = Ctrl K
search-title = Recherche
search-found = { $count ->
    [one] { $n } résultat
   *[other] { $n } résultats
}
search-in = dans { $field }
search-recorded = Cette recherche a été consignée ; ses mots ne l’ont pas été.
search-nothing-asked = Écrivez un nom, une adresse, un numéro ou un mot d’un message.
search-none = Aucun résultat
search-none-note = La recherche trouve les mots entiers et les débuts de noms. Essayez moins de lettres, ou une autre finalité si le champ n’est pas communiqué pour celle-ci.
purpose-acting = Finalité
purpose-note = Vous voyez ce que cette finalité permet de voir. Le changement est consigné.
menu-user = Votre menu, { $name }
actor-operator = l’exploitant
actor-system = Probity lui-même
actor-visitor = un visiteur
actor-former = un ancien collègue
actor-program = un programme muni d’une clé d’API
theme = Apparence
theme-auto = Appareil
theme-light = Claire
theme-dark = Sombre
sign-out = Se déconnecter
palette = Aller, trouver ou faire
palette-placeholder = Où, qui ou quoi ?
palette-go = Aller
palette-do = Faire
palette-found = Trouvé
palette-search = Chercher partout
palette-choose = choisir
palette-open = ouvrir
palette-close = fermer
key-arrows = ↑ ↓
key-enter = Entrée
key-esc = Échap
leave-unsaved = Ce que vous avez écrit n’est pas encore enregistré.
masked-again = De nouveau masqué.
script-failed = Cela n’a pas fonctionné. Rechargez la page ; rien n’a été modifié.
do-new = Nouveau
do-edit = Modifier
download = Télécharger
back = Retour
previous = Précédent
next = Suivant
tabs = Vues
paging = Pages
optional = facultatif
yes = oui
no = non
plain-foot = Chaque fiche conservée pour une raison, aussi longtemps que dure la raison.
revealed-note = de nouveau masqué dans une minute
withheld-purpose = non communiqué, finalité requise : { $purpose }
withheld-class = non communiqué, classe { $class }
not-proved = Non prouvé
field-show = Afficher
field-currency = Devise
job-running = en cours
job-note = Vous pouvez quitter cette page ; le travail continue et garde cette adresse.
job-again = Actualiser
job-cancel = Annuler
form-save = Enregistrer
form-save-over = Enregistrer ma version
form-cancel = Annuler
form-wrong = { $count ->
    [one] { $n } point est à corriger. Votre texte est conservé.
   *[other] { $n } points sont à corriger. Votre texte est conservé.
}
conflict-theirs = Enregistré entre-temps :
conflict-note = Votre texte est conservé ci-dessous. Là où les deux diffèrent, la valeur enregistrée figure sous la vôtre. L’enregistrement écrit une nouvelle version ; aucune n’est perdue.
error-reference = Référence
error-kept = Rien n’a été modifié.
error-to-start = Retour à l’accueil
error-not-found = Cette page n’existe pas
error-unauthenticated = Vous n’êtes pas connecté
error-forbidden = Vous n’y êtes pas autorisé
error-invalid = Cela ne peut pas être accepté
error-not-now = Pas maintenant
error-refused = C’est refusé
error-changed-meanwhile = Quelqu’un l’a modifié entre-temps
error-method = Cette adresse ne fait pas cela
error-internal = Une erreur s’est produite
date-day = { $d ->
    [1] 1er
   *[other] { $d }
} { $month } { $y }
date-short = { $d ->
    [1] 1er
   *[other] { $d }
} { $month }
date-weekday = { $weekday } { $day }
date-moment = { $day } à { $time }
date-through = jusqu’au { $day }
date-today = aujourd’hui
date-left = { $count ->
    [one] encore { $n } jour
   *[other] encore { $n } jours
}
date-late = { $count ->
    [one] { $n } jour de retard
   *[other] { $n } jours de retard
}
date-deadline = { $day }, { $distance }
date-today-at = aujourd’hui { $time }
date-yesterday-at = hier { $time }
size-b = { $n } o
size-kb = { $n } ko
size-mb = { $n } Mo
size-gb = { $n } Go
month-1 = janv.
month-2 = févr.
month-3 = mars
month-4 = avr.
month-5 = mai
month-6 = juin
month-7 = juil.
month-8 = août
month-9 = sept.
month-10 = oct.
month-11 = nov.
month-12 = déc.
weekday-1 = lun.
weekday-2 = mar.
weekday-3 = mer.
weekday-4 = jeu.
weekday-5 = ven.
weekday-6 = sam.
weekday-7 = dim.
keys-title = Clavier
keys-search = Rechercher
keys-palette = Aller, trouver ou faire
keys-help = Afficher ces touches
keys-home = Accueil
keys-people = Personnes
keys-companies = Entreprises
keys-evidence = Preuves
keys-down = Ligne suivante
keys-up = Ligne précédente
keys-open = Ouvrir la ligne
keys-choose = Choisir la ligne
keys-choose-range = Choisir toutes les lignes depuis la dernière
keys-move = Déplacer la carte
keys-edit = Modifier cette fiche
keys-new = Nouveau
keys-save = Enregistrer le formulaire
keys-escape = Fermer ou annuler
keys-off = Désactiver les touches simples
keys-on = Activer les touches simples
keys-note = Les touches simples se taisent pendant que vous écrivez, et aucune ne détruit, n’envoie ni ne révèle.
undo = Annuler
bell = Notifications
bell-unread = { $count ->
    [one] Notifications, { $n } non lue
   *[other] Notifications, { $n } non lues
}
purpose-administration = Administration
purpose-sales = Ventes
purpose-support = Assistance
purpose-billing = Facturation
purpose-marketing = Marketing
purpose-legal = Juridique
role-admin = Administrateur
role-manager = Responsable
role-agent = Gestionnaire
role-auditor = Auditeur
privilege-read = Lire
privilege-write = Écrire
privilege-export = Exporter
privilege-import = Importer
privilege-requests = Demandes
privilege-share = Partager
privilege-audit = Audit
privilege-dispose = Détruire
privilege-rules = Règles
privilege-manage = Administrer

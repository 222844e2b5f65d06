# Listes, fiches, formulaires de tout type.
list-total = { $total } · { $shown } affichées
list-search = Chercher dans { $title }
list-import = Importer
list-export = Exporter
list-filter = Filtrer
list-filters = { $count ->
    [one] Filtre · { $n }
   *[other] Filtres · { $n }
}
list-new = Ajouter : { $kind }
list-many = plus de 1 000
list-all = Toutes
list-mine = Les miennes
list-open = En cours
list-recorded = { $count ->
    [one] L’ouverture de cette page a été consignée en un seul événement qui nomme cette fiche.
   *[other] L’ouverture de cette page a été consignée en un seul événement qui nomme ces { $n } fiches.
}
list-order-note = Tant de noms commencent de la même façon ici que leur ordre peut varier au-delà des premières lettres.
list-withheld-note = Non communiqué pour la finalité { $purpose } : { $fields }.
list-withheld-switch = Pour la finalité { $purpose }, vous ne pouvez pas lister : { $kind }. Passez à { $other }.
list-withheld-ask = Pour la finalité { $purpose }, vous ne pouvez pas lister : { $kind }. Demandez à votre administrateur un rôle qui l’autorise.
list-searched = Recherche de « { $words } »
list-past-end = Il n’y a rien après la page précédente.
list-belongs = C’est ici la place de : { $kind }. Créez la première fiche.
list-belongs-person = Les personnes avec qui vous travaillez. Importez un tableau ou créez la première à la main.
list-belongs-company = Les entreprises avec qui vous travaillez. Importez un tableau ou créez la première à la main.
list-belongs-message = Les messages arrivent par capture : un dossier, un fichier de boîte aux lettres ou un envoi. Chacun est conservé tel qu’il est arrivé.
list-belongs-task = Ce qu’il y a à faire, par qui et pour quand. Créez la première tâche.
list-kept = Conservation
kept-soon = { $count ->
    [0] se termine aujourd’hui
    [one] se termine dans { $n } jour
   *[other] se termine dans { $n } jours
}
kept-late = { $count ->
    [one] terminée depuis { $n } jour
   *[other] terminée depuis { $n } jours
}
state-restricted = limitée
link-withheld = non communiqué
record-unnamed = Sans nom
list-none-yet = Rien ici pour l’instant
list-none-match = Aucun résultat
list-withheld = Non communiqué pour cette finalité
kept-held = gelée
filter-sealed-note = On peut demander à un champ scellé s’il est un mot ou le contient. Ce que vous écrivez ne figure jamais dans une adresse et n’est pas consigné ; le fait d’avoir demandé l’est.
filter-sealed-field = { $field } (scellé)
filter-conditions = Conditions
filter-group = Ajouter un groupe de conditions
filter-group-n = Groupe { $n }
filter-match = Combien de ces conditions doivent être remplies
filter-all-hold = Toutes
filter-any-holds = Au moins une
filter-any-of = Au choix :
filter-and = et
filter-or = ou
filter-too-deep = Les conditions actuelles sont plus imbriquées que ce formulaire ne le montre. Ce que vous appliquez ici les remplace.
list-columns = Colonnes
columns-legend = Les champs cochés s’affichent, dans cet ordre, après le nom
columns-earlier = Avancer { $field }
columns-later = Reculer { $field }
columns-apply = Afficher ceux-ci
columns-usual = Les colonnes habituelles
view-menu = Vues
view-changed = modifiée
view-what = Une vue garde ce que cette liste montre maintenant : filtre, ordre et colonnes. Elle est scellée, car un filtre peut nommer des personnes.
view-name = Nom de la vue
view-first-me = Ouvrir { $title } avec elle, pour moi
view-share = Tout le monde la voit
view-first-all = Ouvrir { $title } avec elle, pour tous
view-save = Enregistrer les modifications
view-save-new = Enregistrer comme nouvelle vue
view-save-first = Enregistrer la vue
view-not-yours = Cette vue est à tous. Qui peut partager des vues la modifie ; vous pouvez ouvrir la liste avec elle ou enregistrer la vôtre.
view-delete = Supprimer cette vue
view-delete-note = Supprime la vue et aucune fiche. Si elle est partagée, elle disparaît pour tous.
view-delete-now = Supprimer la vue
view-shared = partagée
view-first = s’ouvre en premier
view-unusable = pas pour { $purpose }
view-missing = Cette vue nomme ce qui n’existe plus : { $fields }. Elle fonctionne sans. Enregistrez les modifications et elle l’oubliera.
view-saved = La vue est enregistrée.
view-deleted = La vue est supprimée.
filter-created = Créée
filter-updated = Modifiée
filter-kept-until = Conservée jusqu’au
filter-state = État
filter-field = Champ
filter-op = Comparaison
filter-value = Valeur
filter-apply = Appliquer
filter-clear = Effacer le filtre
filter-leave-out = retirer
filter-none = Choisir un champ
filter-chosen = celui choisi
op-eq = est
op-ne = n’est pas
op-lt = est avant ou en dessous de
op-le = est au plus
op-gt = est après ou au-dessus de
op-ge = est au moins
op-in = est l’un de
op-is-empty = est vide
op-not-empty = a une valeur
op-contains = contient les mots
op-starts = a un mot qui commence par
record-jump = Sur cette page
record-facts = Informations
record-timeline = Historique
record-keep = Conservation et droits
record-empty = { $count ->
    [one] Afficher { $n } champ vide
   *[other] Afficher { $n } champs vides
}
record-all = Tout
record-saved = Enregistré comme version { $version }.
record-recorded = L’ouverture de cette page a été consignée.
record-version = Version { $version }, enregistrée { $when }
record-versions = Toutes les versions
history-title = Versions de { $name }
history-lead = Chaque version reste lisible jusqu’à sa destruction par une règle ou une demande.
history-version = Version { $version }
history-current = en vigueur
history-before = Avant
history-after = Après
history-nothing = Enregistrée de nouveau sans changement.
history-gone = Ses valeurs, ou celles d’avant, ont été détruites.
seen-looked = { $when }, finalité { $purpose }
seen-revealed = a révélé une valeur { $when }, finalité { $purpose }
record-with = avec { $name }
record-kept-by = Tenu par Probity
record-withheld = { $count ->
    [one] { $n } champ n’est pas communiqué.
   *[other] { $n } champs ne sont pas communiqués.
}
record-acting = Vous agissez pour la finalité { $purpose }.
show-everything = Tout
show-messages = Messages
show-notes = Notes
show-tasks = Tâches
show-files = Fichiers
show-changes = Modifications
day-today = Aujourd’hui
day-yesterday = Hier
line-created = Création
line-changed = Modification
line-changed-fields = Modification :{" "}
line-was-changed = {" "}a été modifié
line-was-changed-fields = {" "}a été modifié :{" "}
line-by = {" "}par { $name }
keep-earliest = Suppression possible dès
keep-latest = Supprimé au plus tard
keep-holds = Gels
keep-held = un gel juridique
keep-no-hold = aucun
reason-hold = Un gel juridique
reason-cool-off = Délai d’attente après le dernier gel juridique
reason-request = Une demande en cours de la personne
reason-capture = Date déclarée loin de la capture
reason-clock = L’horloge et le registre ne concordent pas
reason-no-day = un jour encore inconnu
reason-from = compté à partir du { $day }
effect-floor = À conserver jusqu’au { $day }
effect-yields = Serait à conserver jusqu’au { $day }, cède
effect-open-floor = À conserver ; le délai n’a pas commencé
effect-ceiling = À supprimer le { $day } au plus tard
effect-open-ceiling = Prendra fin ; le délai n’a pas commencé
effect-prohibits = Ne doit pas être enregistré
effect-open-prohibition = Ne doit plus être enregistré dès que l’événement survient
effect-holds = À conserver jusqu’à la levée
effect-freezes = À conserver jusqu’à la réponse
effect-anchors = Compte à partir du { $day }
effect-suspends = Rien n’est détruit tant que l’heure n’est pas confirmée
use-basis = aucun consentement requis
use-consented = avec consentement
use-no-consent = consentement non donné
use-stopped = arrêté
record-no-timeline = Il ne s’est encore rien passé ici.
record-evidence = Preuves
reveal = Révéler
reveal-field = Révéler { $field }
reveal-reason = Motif
keep-title = Pourquoi nous pouvons conserver ceci
keep-why = Pourquoi ?
keep-decides = décide
keep-version = v{ $version }
uses-title = Utilisable pour
seen-title = Consulté par
rights-title = Droits de la personne
rights-package = Constituer le dossier d’accès
rights-erase = Planifier l’effacement
rights-erase-note = D’abord un plan : il montre ce qui part et ce qui reste. Il n’efface rien.
file-preview = Aperçu
file-no-preview = Pas d’aperçu pour ce type
file-no-preview-note = Téléchargez le fichier pour le voir. Le téléchargement est consigné.
file-about = À propos de ce fichier
file-used = Rattaché à
form-edit = Modifier { $name }
form-more = Plus
form-many = Une par ligne.
form-link = Écrivez le nom ; il est recherché à l’enregistrement.
form-masked = Actuellement { $mask }. Laissez vide pour garder ; ce que vous écrivez le remplace.
form-address = { $field } : { $part }
address-street = rue
address-city = ville
address-region = région
address-postal_code = code postal
address-country = pays
form-note-new = Écrit comme version 1, avec sa preuve.
form-note = L’enregistrement écrit la version { $next } ; la version { $now } reste lisible dans l’historique.
form-withheld = { $count ->
    [one] { $n } champ n’est pas communiqué pour cette finalité ; l’enregistrement le laisse tel quel.
   *[other] { $n } champs ne sont pas communiqués pour cette finalité ; l’enregistrement les laisse tels quels.
}
conflict-saved = Non enregistré : la version { $version } a été enregistrée { $when }, après l’ouverture de ce formulaire.
conflict-empty = vide
lookup-none = Rien de ce nom à votre portée ({ $kind }). Vérifiez l’orthographe ou créez d’abord la fiche. Votre texte est conservé.
lookup-several = Plusieurs sont possibles : { $names }. Écrivez le nom complet ({ $kind }).
export-title = Export : { $kind }
export-back = Retour à la liste
export-exactly = Exactement cette liste : son filtre, sa recherche, son ordre et ses colonnes.
export-format = Format
export-as-csv = CSV
export-as-xlsx = Excel (XLSX)
export-as-vcard = Cartes (vCard)
export-purpose = Finalité
export-asked = Demandé pour
export-unmasked = Champs masqués en entier, dans la limite de mes droits d’export
export-form-note = Consigné en un seul événement qui nomme chaque fiche. Le fichier est gardé scellé pour vous pendant 7 jours.
export-start = Lancer l’export
export-made = Le fichier est prêt
export-making = Écriture du fichier
export-stopped = L’export s’est arrêté.
export-cancelled = L’export a été annulé. Rien n’a été extrait.
export-rows = { $count ->
    [one] { $n } fiche
   *[other] { $n } fiches
}
export-cancel-note = Un export annulé n’extrait rien.
export-note = { $size }. Disponible jusqu’au { $day }, puis détruit.
export-download = Télécharger
export-what = Ce qui a été demandé
export-one-event = Le fichier a été consigné en un seul événement qui nomme chaque fiche qu’il contient. Chaque téléchargement est consigné aussi.
log-what = Ce que vous notez
log-as-note = Note
log-as-task = Tâche
log-as-comment = Commentaire
log-text = Texte
log-placeholder = Notez ce qui s’est passé, ce qu’il faut faire, ou demandez à un @collègue
log-hint = La première ligne devient le titre. @Nom prévient un collègue.
log-save = Enregistrer
log-type = Type de note
log-type-note = Note
log-type-call = Appel
log-type-meeting = Réunion
log-due = Échéance
log-time = Heure
log-owner = Pour
log-remind = Rappel
log-remind-none = Aucun rappel
log-remind-due = À l’échéance
log-remind-hour = Une heure avant
log-remind-day = La veille, 9 h 00
log-remind-week = Une semaine avant, 9 h 00
log-mention = Prévenir des collègues
log-text-empty = Écrivez d’abord quelque chose. Ce que vous avez rempli par ailleurs est conservé.
log-due-wrong = Écrivez la date sous la forme 2026-11-21. Votre texte est conservé.
log-time-wrong = Écrivez l’heure sous la forme 14:30. Votre texte est conservé.
log-due-needed = Une heure a besoin de son jour. Votre texte est conservé.
log-owner-wrong = Choisissez quelqu’un qui travaille ici. Votre texte est conservé.
log-remind-needs-due = Un rappel se compte à partir de l’échéance. Donnez-en une ou choisissez aucun rappel.
log-saved-note = Note enregistrée.
log-saved-task = Tâche enregistrée.
log-saved-comment = Commentaire enregistré.
task-ticked = Faite.
task-opened = De nouveau ouverte.
task-done = Faite
task-for = Pour { $name }
task-due-at = { $when }, { $time }
task-open-again = Rouvrir : { $title }
act-undone = Annulé. Ce qui était là avant y est de nouveau, dans une nouvelle version.

# Tableaux
layouts = Présentation
layout-table = Liste
layout-board = Tableau
layout-board-by = Tableau par { $field }
layout-groups = Groupes
layout-groups-by = Groupes par { $field }
layout-calendar = Calendrier
layout-calendar-by = Calendrier par { $field }
groups-all = Tous
list-sum = Somme de { $total }
calendar-month = { $month } { $year }
month-long-1 = Janvier
month-long-2 = Février
month-long-3 = Mars
month-long-4 = Avril
month-long-5 = Mai
month-long-6 = Juin
month-long-7 = Juillet
month-long-8 = Août
month-long-9 = Septembre
month-long-10 = Octobre
month-long-11 = Novembre
month-long-12 = Décembre
calendar-months = Mois
calendar-earlier = Le mois précédent
calendar-later = Le mois suivant
calendar-now = Ce mois-ci
calendar-by = par { $field }
calendar-none = Rien n’a de jour dans ces semaines.
calendar-more = { $n } de plus
calendar-all = Tout ce jour
calendar-count = { $n } dans ces semaines
calendar-to = Au jour
calendar-move = Déplacer
calendar-leave = Laisser sans jour
board-of = { $title } en tableau
board-none = Rien ici. Déplacez avec m.
board-without = Sans
board-move = Déplacer…
board-all = Tout en liste
board-more = plus de { $n }
board-moved = Déplacé, dans une nouvelle version.

# De nombreuses fiches à la fois
bulk-choose = Choisir
bulk-choose-row = Choisir { $name }
bulk-choose-page = { $count ->
    [one] Choisir la fiche de cette page
   *[other] Choisir les { $n } fiches de cette page
}
bulk-choose-rows = Choisir des lignes (x)
bulk-chosen-n = # choisies sur cette page
bulk-chosen = Modifier la sélection…
bulk-all = Toutes celles qui correspondent…
bulk-all-n = { $count ->
    [one] Celle qui correspond…
   *[other] Les { $n } qui correspondent…
}
bulk-title = { $n } choisies : { $kind }
bulk-what = Ce qu’il en advient
bulk-count = Combien
bulk-would = Ce qui en résulterait
bulk-done = Ce qui en a résulté
bulk-so-far = Jusqu’ici
bulk-was-cancelled = Interrompu : ce qui a été fait avant
bulk-again = Choisir une autre action
bulk-assign = Leur donner un responsable
bulk-owner = Responsable
bulk-nobody = Personne
bulk-set = Définir un champ
bulk-field = Champ
bulk-choose-field = Choisir ce champ
bulk-empties = Laissé vide, il vide le champ.
bulk-add = Aperçu de l’ajout
bulk-remove = Aperçu du retrait
bulk-preview = Aperçu
bulk-propose = Les proposer à la destruction
bulk-propose-note = Une proposition ne détruit rien : d’autres l’approuvent, et ce qu’une règle ou un gel conserve n’en fait pas partie.
bulk-reason = Motif
bulk-running = Modification des fiches
bulk-progress = { $done } sur { $total }
bulk-cancel-note = Ce qui a été modifié avant reste ; chaque fiche garde sa version antérieure.
bulk-run = { $count ->
    [one] Modifier { $n } fiche
   *[other] Modifier { $n } fiches
}
bulk-run-propose = { $count ->
    [one] Proposer { $n } fiche
   *[other] Proposer { $n } fiches
}
bulk-note-frozen = La sélection reste telle qu’elle a été faite : ce qui correspondra plus tard n’en fait pas partie. Valable 15 minutes. Aucun champ scellé n’est ouvert pour l’aperçu.
bulk-note-done = Chaque fiche modifiée a une nouvelle version ; l’ancienne reste dans son historique.
bulk-note-proposed = Une proposition contient au plus 100 fiches. Elles attendent une deuxième personne.
bulk-to-approvals = Aller aux approbations
bulk-will-change = Seront modifiées
bulk-will-propose = Seront proposées
bulk-did-change = Modifiées
bulk-did-propose = Proposées
bulk-reason-same = Déjà ainsi
bulk-reason-held = Gelées : un gel juridique les conserve
bulk-reason-kept = Conservées : une règle de conservation les garde
bulk-reason-waits = En attente : une demande en cours, l’horloge ou aucune règle
bulk-reason-restricted = Non autorisé : limitées, conservées et non utilisées
bulk-reason-out-of-reach = Non autorisé : vous ne pouvez pas les modifier
bulk-reason-changed = Laissées : modifiées depuis la sélection
bulk-reason-refused = Non autorisé : un champ obligatoire serait vide
bulk-act-set = { $field } devient { $value }
bulk-act-empty = { $field } est vidé
bulk-act-add = { $value } est ajouté à { $field }
bulk-act-remove = { $value } est retiré de { $field }
bulk-act-assign = { $name } devient responsable
bulk-act-nobody = Plus personne n’en est responsable
bulk-act-propose = Proposées à la destruction : { $reason }
fact-edit = Modifier { $field }
form-edit-field = { $field } de { $name }
conflict-field = Non enregistré : { $who } a modifié { $field } { $when }. Votre texte est conservé ; enregistrer de nouveau remplace le sien.
restore-look = Restaurer la version { $version }
restore-title = Version { $version } de { $name }
restore-lead = Ce que change la restauration de cette version. Rien n’a encore changé.
restore-changes = { $count ->
    [one] { $n } champ change
   *[other] { $n } champs changent
}
restore-now = Maintenant
restore-then = Alors
restore-nothing = Rien ne changerait : ce que dit cette version est là maintenant.
restore-lost = Ne peut pas revenir : { $fields }
restore-lost-note = La valeur de cette version a été détruite par une règle ou une demande, dans toutes les copies. Le champ reste tel qu’il est.
restore-do = Restaurer cette version
layout-pipeline = Tableau : { $field }
deals-open = { $n } en cours : { $sum }
deals-won = { $n } gagnées : { $sum }
board-likely = { $sum } probables
board-summary = En cours : { $open } · probables : { $likely }
board-rots = { $count ->
    [one] { $n } jour ici
   *[other] { $n } jours ici
  }
stage-bar = Pipeline { $pipeline }
stage-to = Déplacer vers { $stage }
stage-none = À aucune étape pour l’instant.
stage-since = { $stage }, depuis : { $when }
stage-at = { $stage }
stage-closed = { $stage } le { $day }
stage-closed-why = { $stage } le { $day } : { $reason }
closing-won = Pourquoi { $name } a-t-elle été gagnée ?
closing-lost = Pourquoi { $name } a-t-elle été perdue ?
closing-note = Le motif compte dans les rapports. Il peut être modifié ensuite.
closing-reason = Motif
closing-choose = Choisir…
closing-needed = Dans ce pipeline, rien n’est clôturé sans motif.
closing-words = Avec vos propres mots
closing-words-help = Scellé, lu seulement par qui peut voir cette fiche.
form-links = Un nom par ligne ; ils sont recherchés à l’enregistrement.
form-file = Envoyer un fichier pour { $field }
file-attach = Joindre des fichiers
file-attach-do = Joindre
file-choose = Choisissez d’abord un fichier.
file-attached = { $count ->
    [one] Le fichier est conservé.
   *[other] { $count } fichiers sont conservés.
}
form-file-help = Envoyez un fichier, ou tapez le nom d’un fichier déjà présent.
record-goto = Aller au jour
record-goto-do = Aller
record-goto-now = Revenir à maintenant

# Lines of deals and orders.
line-title = Lignes
line-none = Aucune ligne encore. Ajoutez la première : quoi, combien, à quel prix.
line-what = Désignation
line-quantity = Quantité
line-price = Prix
line-discount = Remise
line-tax = Taxe
line-net = Net
line-gross = Brut
line-acts = Que faire de la ligne
line-up = Monter : { $name }
line-down = Descendre : { $name }
line-edit = Modifier : { $name }
line-remove = Retirer : { $name }
line-add = Ajouter la ligne
line-add-help = Ce que vous laissez vide vient du produit : désignation, unité, prix, taxe. Un demi-centime est arrondi au-dessus, une fois par ligne. Alt et une flèche déplacent une ligne.
line-removed = La ligne a été retirée. Elle ne compte plus et reste conservée avec ce dont elle faisait partie.
line-followed = { $amount } : suit ces lignes.
line-not-followed = { $amount } : écrit à la main.
line-follow = Suivre les lignes
line-unfollow = L’écrire à la main
line-changed-meanwhile = Quelqu’un a modifié cette ligne entre-temps. Rechargez la page et refaites votre modification.

# Import.
import-title = Import
import-step-file = Fichier
import-step-mapping = Colonnes
import-step-run = Import
import-step-report = Rapport
import-kind = Contenu
import-file = Fichier
import-file-note = CSV, Excel ou vCard, .eml ou .mbox pour les messages ; { $limit }. L’encodage et le séparateur sont détectés.
import-read = Lire le fichier
import-nothing-yet = Rien n’est écrit avant que vous ne le demandiez.
import-past = Imports précédents
import-no-past = Aucun pour l’instant.
mapping-caption = Où va chaque colonne
mapping-column = Votre colonne
mapping-first = Premières valeurs
mapping-goes = Va dans
mapping-goes-of = { $column } va dans
mapping-problems = Problèmes
mapping-how = Rapprochement
mapping-match = Même fiche quand ceci est identique
mapping-mode = Les lignes peuvent
mapping-basis = Pourquoi vous pouvez les conserver
mapping-basis-note = Demandé une fois pour toutes les nouvelles personnes de ce fichier. Elles le portent dès le premier instant.
preview-title = Ce qui se passerait
import-preview = Aperçu
import-preview-again = Nouvel aperçu
import-start = Importer
import-undo = Annuler cet import
import-look = Les voir
undo-created = { $count ->
    [one] { $n } nouvelle fiche
   *[other] { $n } nouvelles fiches
}
undo-created-note = Détruites si personne ne les a utilisées depuis et si elles ont moins de 24 heures.
undo-updated = { $count ->
    [one] { $n } fiche modifiée
   *[other] { $n } fiches modifiées
}
undo-updated-note = Elles retrouvent leurs anciennes valeurs, dans une nouvelle version. Ce qui a été modifié depuis reste.
undo-used = Ce qui a été utilisé depuis
undo-used-note = Les fiches ouvertes, modifiées, gelées ou conservées par la loi restent en l’état, chacune avec sa raison.
undo-trail = Le journal d’audit
undo-trail-note = Que l’import a eu lieu et a été annulé reste prouvable.
import-failed = Lignes non importées
import-failed-download = Les télécharger
import-row = Ligne
import-why = Que faire
import-mail = E-mail
import-other = Fiches
import-up-to = jusqu’à { $size }
import-of = Import du { $day }
import-rows = { $count ->
    [one] { $n } ligne
   *[other] { $n } lignes
}
import-running = Import en cours
import-goes-back = Annulation en cours
import-finished = Terminé
import-undone = Annulé
import-stopped = L’import s’est arrêté.
import-cancelled = Interrompu. Ce qui a été importé reste.
import-cancel-note = Les lignes déjà importées restent ; vous pourrez les annuler ensuite.
import-created = Créées
import-updated = Mises à jour
import-same = Déjà présentes
import-refused = Non importées
import-failed-shown = { $shown } affichées sur { $all }
import-undo-note = L’annulation rend aux fiches modifiées leurs anciennes valeurs. Les nouvelles partent dans les 24 heures, sauf si quelqu’un les a utilisées.
import-why-required = À remplir.
import-why-email = Écrivez l’adresse sous la forme nom@example.com.
import-why-phone = Écrivez le numéro avec l’indicatif du pays, par exemple +33 6 12 34 56 78.
import-why-date = Écrivez la date sous la forme AAAA-MM-JJ.
import-why-suppressed = Cette personne a été effacée et le reste.
import-why-ambiguous = Plusieurs fiches correspondent. Corrigez la ligne ou rapprochez autrement.
import-why-no-match = Aucune fiche ne correspond.
mapping-create = Créer
mapping-update = Mettre à jour
mapping-both = Les deux
mapping-never = Jamais : toutes les lignes sont nouvelles
mapping-skip = Ignorer
mapping-owner = Responsable : membre de l’équipe, par nom ou adresse
mapping-dates-uncertain = Le jour et le mois peuvent se lire dans l’autre ordre ; vérifiez.
mapping-street = Rue
mapping-city = Ville
mapping-region = Région
mapping-postal-code = Code postal
mapping-country = Pays
mapping-middle-name = Deuxième prénom
mapping-suffix = Suffixe du nom
preview-created = { $n } créées
preview-updated = { $n } mises à jour
preview-same = { $n } déjà présentes
preview-refused = { $n } refusées
preview-alike = { $count ->
    [one] Une des mille premières lignes ressemble à une fiche existante et ne lui sera pas rattachée.
   *[other] { $n } des mille premières lignes ressemblent à des fiches existantes et ne leur seront pas rattachées.
}
preview-alike-rows = Lignes : { $rows }
mapping-dates-of = Ordre des dates dans { $column }
mapping-dmy = jour/mois/année
mapping-mdy = mois/jour/année
mapping-ymd = année-mois-jour
mapping-remembered = Colonnes comme le { $day }.
preview-tried = Essayées : les { $n } premières lignes. L’import parcourt toutes les lignes et nomme chacune de celles qui sont refusées.
import-why-not-found = Cette fiche n’existe pas encore. Importez-la d’abord ou corrigez la ligne.
import-why-not-staff = Personne ici n’a ce nom ni cette adresse.
import-why-no-consent = Il n’y a pas de consentement pour cela.

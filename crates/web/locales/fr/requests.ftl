# Demandes, dossiers d’accès, effacement.
requests-title = Demandes des personnes
requests-new = Enregistrer une demande
requests-new-title = Enregistrer une demande
requests-record = Lancer le délai
requests-record-note = Le délai court à partir du jour de réception.
requests-none = Aucune demande
requests-none-note = Quand une personne demande l’accès à ses données, une rectification ou un effacement, la demande s’affiche ici avec son échéance.
requests-number = Demande
requests-person = Personne
requests-received = Reçue
requests-state = État
requests-due = Échéance
request-log = Ce qui s’est passé
request-counted = Comment est-ce compté ?
request-extend = Prolonger le délai
request-extend-do = Prolonger et informer la personne
request-refuse = Refuser
request-refuse-do = Refuser et informer la personne
request-refuse-note = La réponse indique le motif, sa source et la voie de réclamation.
request-ground = Motif
request-reason = Explication, en des termes que la personne comprend
package-title = Dossier d’accès
package-contents = Contenu
package-ready = prêt
package-download = Télécharger le dossier
package-left-out = Écarté, et pourquoi
package-nothing-left-out = Rien jusqu’ici. Ce qui doit rester en dehors est indiqué ici avec sa raison.
erasure-title = Plan d’effacement
erasure-nothing-yet = rien n’est encore effacé
erasure-goes = Effacé
erasure-goes-note = illisible dans toutes les copies des données
erasure-stays = Reste, limité
erasure-stays-note = lisible pour la seule obligation légale
erasure-held = Gelé
erasure-held-note = réexaminé 30 jours après la fin du dernier gel
erasure-confirm = Effacer
erasure-none = Rien ne peut être effacé maintenant
erasure-none-note = Chaque ligne dit ce qui l’empêche. Répondez d’abord à ce qui est en cours, puis replanifiez ; ce que la loi conserve est limité par la demande elle-même.
erasure-back = Retour, ne rien effacer
erasure-type = Saisissez { $n } pour effacer { $n }
erasure-password = Encore votre mot de passe
erasure-do = { $count ->
    [one] Effacer { $n } élément
   *[other] Effacer { $n } éléments
}
erasure-ask-second = Solliciter une deuxième personne
erasure-propose = Une deuxième personne doit donner son accord
erasure-propose-note = { $count ->
    [one] { $n } élément est soumis à examen et existe encore. Demandez à une autre personne d’approuver son effacement.
   *[other] { $n } éléments sont soumis à examen et existent encore. Demandez à une autre personne d’approuver leur effacement.
}
erasure-propose-reason = La personne a demandé l’effacement ; une règle le soumet à examen.
erasure-done = Effacé
erasure-partly = Effacé en partie
erasure-stayed = Ce qui reste
erasure-certificate = Certificat de destruction
erasure-certificate-download = Télécharger le certificat
request-right-access = Accès
request-right-know = Connaissance
request-right-port = Portabilité
request-right-restrict = Limitation
request-right-rectify = Rectification
request-right-object = Opposition
request-right-erase = Effacement
request-right-opt-out = Refus (opt-out)
request-right-adm = Décisions automatisées
request-state-received = Reçue
request-state-identity = Identité
request-state-collecting = Collecte
request-state-decided = Décidée
request-state-fulfilled = Répondue
request-state-refused = Refusée
request-state-partly = Répondue en partie
request-person-gone = n’est plus ici
request-person-help = Ouvrez ce formulaire depuis la page de la personne ou collez l’identifiant de son adresse.
request-right = Demande
request-received-on = Reçue le
request-why = Ce qui a été demandé, et par quel moyen
request-law = Droit applicable
request-identity = Identité
request-identity-settled = établie
request-identity-open = pas encore établie
request-confirm-identity = Identité établie
request-confirmed-words = Établie au vu de la demande, sur la page.
request-make-package = Constituer le dossier
request-to-package = Vers le dossier
request-review-plan = Voir le plan d’effacement
request-answered = Marquer comme répondue
request-counted-from = Reçue le { $day }.
request-counted-due = Dernier jour pour répondre : { $day } ({ $citation }).
request-extend-to = Jusqu’au { $day }, une seule fois, avec le motif indiqué ({ $citation }).
request-ground-excessive = Manifestement infondée ou excessive
request-ground-identity = La personne n’a pas pu être identifiée
request-ground-law = Une loi l’interdit
request-tab-open = En cours
request-tab-closed = Closes
request-received-note = reçue le { $day }
requests-recorded = { $count ->
    [one] L’ouverture de cette page a été consignée en un seul événement qui nomme cette personne.
   *[other] L’ouverture de cette page a été consignée en un seul événement qui nomme ces { $n } personnes.
}
request-recorded = L’ouverture de cette page a été consignée.
package-making = Constitution du dossier
package-made = Dossier constitué
package-not-asked = Aucun dossier n’a encore été demandé.
package-stopped = Le dossier n’a pas pu être constitué.
package-of = { $done } fiches sur { $total }
package-note = { $size } · gardé scellé, expire le { $day }
package-records = Fiches
package-left-note = Ce qui concerne d’autres personnes est retiré et compté dans le dossier.
erasure-line = { $n } × { $kind }
erasure-at-once = immédiatement
erasure-no-date = sans date
erasure-redacted = La personne est retirée ; le reste demeure pour les autres personnes concernées
erasure-others = { $count ->
    [one] { $n } fiche concerne aussi d’autres personnes.
   *[other] { $n } fiches concernent aussi d’autres personnes.
}
erasure-second = { $count ->
    [one] { $n } fiche attend ensuite l’approbation d’une deuxième personne.
   *[other] { $n } fiches attendent ensuite l’approbation d’une deuxième personne.
}
erasure-suppressed = Une empreinte à clé demeure, pour qu’un import ultérieur de cette personne soit refusé.
erasure-expires = Ce plan est valable jusqu’au { $when }, ou jusqu’à ce qu’il change.
erasure-reason = Effacement confirmé sur le plan.
erasure-summary = { $erased } effacés, { $restricted } limités, { $kept } conservés.
erasure-copies = Illisible dès maintenant dans toutes les copies des données ; dans les anciennes copies des clés dès que celles-ci auront été remplacées.
erasure-number = Numéro
erasure-unread = Une fiche hors de votre portée
erasure-time = Heure
erasure-request = Demande
erasure-recipient = { $recipient } a reçu des données de cette personne ({ $what }) et doit être informé de l’effacement.
recipients-title = Qui a reçu ses données
recipients-none = Personne n’est inscrit. Qui a reçu des données de cette personne est informé d’un effacement, d’une rectification ou d’une limitation (art. 19 du RGPD).
recipients-standing = Des destinataires restent à informer. La demande prend fin avec le dernier.
recipients-enter = Inscrire un destinataire
recipients-note = En toutes lettres, sans les données de la personne : l’inscription lui survit jusqu’à ce que le destinataire soit informé.
recipients-who = Destinataire, et comment le joindre
recipients-what = Ce qu’il a reçu
recipients-purpose = Pour quelle finalité, et sur quelle base légale
recipients-how = Comment il a été informé, ou pourquoi c’est impossible
recipients-tell = Il a été informé
recipients-cannot = C’est impossible
recipient-holds = détient les données
recipient-to-tell = à informer
recipient-told = informé
recipient-impossible = impossible

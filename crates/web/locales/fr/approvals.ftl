# Ce qui met fin à quelque chose : la page qui précède, et ce qui attend une deuxième personne.
confirm-title = Avant de continuer
confirm-nothing-yet = rien ne s’est encore passé
confirm-goes = Détruit
confirm-stays = Conservé
confirm-back = Retour, ne rien changer
confirm-type = { $count ->
    [one] Saisissez { $n } : un élément sera détruit
   *[other] Saisissez { $n } : autant d’éléments seront détruits
}
confirm-not-the-number = Saisissez le nombre d’éléments à détruire, tel qu’il figure sur cette page. Rien n’a été modifié.
confirm-at-once = immédiatement
approvals-title = Approbations
approvals-lead = Ce qui n’est détruit qu’avec l’accord d’une deuxième personne.
approvals-tab-waiting = En attente
approvals-tab-done = Exécutées
approvals-none = Rien n’attend une deuxième personne
approvals-none-note = Ce qu’une règle soumet à examen est proposé sur la page « Conservation » ou après un effacement. Cela reste ici jusqu’à l’accord d’une autre personne.
approvals-none-done = Rien n’a encore été détruit
approvals-none-done-note = Chaque ordre de destruction figure ici avec le numéro de son certificat.
approvals-cause-expiry = { $count ->
    [one] Destruction de { $n } fiche
   *[other] Destruction de { $n } fiches
}
approvals-cause-erasure = { $count ->
    [one] Effacement de { $n } fiche
   *[other] Effacement de { $n } fiches
}
approvals-cause-undo = { $count ->
    [one] Annulation de { $n } fiche
   *[other] Annulation de { $n } fiches
}
approvals-cause-expiry-fields = { $count ->
    [one] Destruction de { $n } champ d’une fiche
   *[other] Destruction de { $n } champs d’une fiche
}
approvals-cause-erasure-fields = { $count ->
    [one] Effacement de { $n } champ d’une fiche
   *[other] Effacement de { $n } champs d’une fiche
}
approvals-cause-undo-fields = { $count ->
    [one] { $n } champ d’un import annulé
   *[other] { $n } champs d’un import annulés
}
approvals-fields = { $record } : seulement { $fields }
approvals-order-expiry = Destruction
approvals-order-erasure = Effacement
approvals-order-undo = Import annulé
approvals-proposed = proposé par { $name }, { $when }
approvals-state = Approuvé { $done } fois sur { $needed }
approvals-reason = Motif de la proposition
approvals-by = Approuvé par
approvals-nobody = Personne pour l’instant.
approvals-another = Une autre personne doit approuver
approvals-own = Vous l’avez proposé. Une autre personne autorisée à détruire des fiches ouvre cette page et décide.
approvals-before = Vous avez déjà approuvé. Chaque personne compte une fois.
approvals-approve = Approuver
approvals-why = Votre motif
approvals-order = Détruire maintenant
approvals-order-note = La décision est reprise sous verrou. Les clés partent d’abord, puis ce qu’elles ouvraient ; un certificat l’atteste.
approvals-withdraw = Refuser ou retirer
approvals-withdraw-note = Cela ne détruit rien ; une nouvelle proposition reste possible.
approvals-proposed-done = Proposé. Une autre personne doit approuver.
approvals-approved-done = Approuvé.
approvals-withdrawn-done = Retiré ; rien n’a été détruit.
approvals-destroyed = Détruit, certificat { $number }.
approvals-gone = Déjà détruit
approvals-certified = certifié
approvals-certificate = Certificat
approvals-under-way = en cours

# Conservation.
retention-title = Conservation
retention-note = combien de temps chaque fiche est conservée, et selon quelle règle
retention-coverage = Couvertes par une règle
retention-covered = { $covered } sur { $all }
retention-uncovered = Rien n’est supprimé sans règle. Choisissez-en une pour :
retention-statutory = Exigé par la loi
retention-statutory-note = durées minimales ; rien ne les raccourcit
retention-recommended = Recommandé
retention-recommended-note = votre politique ; à vous de la modifier
retention-packs = Ensembles de règles
retention-adopt = Adopter
retention-settings = Réglages
rule-name = Règle
rule-period = Durée
rule-effect = Effet
rule-citation = Source
rule-checked = Vérifiée
rule-pack = Ensemble
retention-plan = Montrer ce qui est échu
retention-sweep = Appliquer maintenant
sweep-records = { $count ->
    [one] { $n } fiche
   *[other] { $n } fiches
}
sweep-decided = { $count ->
    [one] { $n } fiche est à examiner
   *[other] { $n } fiches sont à examiner
}
sweep-goes = Échue, et sa règle dit que personne n’a à la revoir. Sa clé est détruite, un certificat l’atteste.
sweep-review = Échue, mais une règle la soumet à examen : elle attend une personne.
sweep-erasure = Effacement demandé : cela se fait sur la page de la demande.
sweep-unclassified = Aucune règle ne s’applique. Sans règle, rien n’est détruit.
sweep-suspended = L’horloge et le registre ne concordent pas : rien n’est détruit tant que l’heure n’est pas confirmée.
sweep-held = Un gel juridique la conserve. Elle est réexaminée 30 jours après la fin du dernier.
sweep-nothing = Rien ne part
sweep-nothing-note = Rien n’est échu. Un passage note seulement ce qui a été décidé.
queue-title = Échu, en attente d’une personne
queue-none = Rien n’attend. Ce qu’une règle soumet à examen s’affiche ici à l’échéance.
queue-choose = Choisir
queue-record = Fiche
queue-kind = Type
queue-due = Échéance, et pourquoi
queue-fields = seulement { $fields }
queue-reason = Pourquoi les détruire
queue-propose = Proposer leur destruction
queue-note = Une proposition ne détruit rien. Une autre personne l’approuve d’abord.
queue-proposed = proposé
retention-planned = Voici ce qu’un passage trouverait maintenant. Rien n’a été modifié.
retention-swept = { $count ->
    [one] Appliqué. { $n } fiche a été détruite.
   *[other] Appliqué. { $n } fiches ont été détruites.
}
retention-strength-law = loi
retention-strength-claims = droits en justice
retention-strength-contract = contrat
retention-strength-policy = politique
retention-ignored = non utilisée
retention-effect-min = conserver au moins
retention-effect-max = conserver au plus
retention-effect-prohibit = ne jamais conserver
retention-own = la nôtre
retention-years = { $count ->
    [one] { $n } an
   *[other] { $n } ans
}
retention-months = { $count ->
    [one] { $n } mois
   *[other] { $n } mois
}
retention-weeks = { $count ->
    [one] { $n } semaine
   *[other] { $n } semaines
}
retention-days = { $count ->
    [one] { $n } jour
   *[other] { $n } jours
}
retention-from-calendar-year-end = à compter de la fin de l’année
retention-from-fiscal-year-end = à compter de la fin de l’exercice
retention-rules = { $count ->
    [one] { $n } règle
   *[other] { $n } règles
}
retention-adopted = adopté
retention-count-decided = Examinées
retention-count-due = Échues
retention-count-overdue = En retard
retention-count-review = Attendent une personne
retention-count-erasure = Effacement demandé
retention-count-held = Sous gel
retention-count-unclassified = Sans règle
retention-count-restricted = Limitées
retention-count-escalated = À trancher par une personne
retention-count-suspended = Horloge non fiable
retention-count-disposed = Détruites
retention-not-set = non défini
retention-grace = Délai de grâce
retention-cool-off = Après un gel
retention-country = Pays
retention-industry = Secteur
retention-approvers = Approbations pour ce qui est examiné

clock-title = Rien n’est détruit tant que l’heure n’est pas confirmée
clock-leapt = L’horloge est passée de { $from } à { $to } sans une seule inscription au registre entre les deux. Une horloge avancée rendrait des fiches échues avant l’heure.
clock-missing = { $count ->
    [one] Encore { $count } personne doit confirmer qu’elle est juste maintenant.
   *[other] Encore { $count } personnes doivent confirmer qu’elle est juste maintenant.
}
clock-reason = Comment vous savez que l’heure est juste
clock-confirm = L’heure est juste

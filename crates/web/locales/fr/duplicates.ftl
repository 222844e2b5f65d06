# Fiches qui se ressemblent : pendant la saisie, par paires, fusionnées, séparées de nouveau.
dup-title = Doublons
dup-lead = Fiches qui semblent désigner la même personne, la même société ou la même chose. Rien n’est fusionné tout seul.
dup-scan = Chercher les nouveaux
dup-scan-all = Tout parcourir
dup-seen = Tout ce qui a été modifié avant { $when } a été parcouru.
dup-never = Personne n’a encore cherché de doublons.
dup-running = Recherche de doublons
dup-running-words = { $done } fiches sur { $total }
dup-failed = La recherche de doublons s’est arrêtée. Relancez-la : elle reprend ce qui reste.
dup-none = Aucun doublon ici
dup-none-note = Après une recherche, les paires figurent ici jusqu’à ce qu’elles soient fusionnées ou déclarées différentes.
dup-group = { $count ->
    [one] Une fiche qui en est peut-être une autre
   *[other] { $n } fiches qui sont peut-être la même
}
dup-merge = Fusionner…
dup-dismiss = Pas un doublon
dup-dismissed = Elles ne seront plus montrées comme doublons tant que ce qu’elles ont en commun ne change pas.
dup-likely-sure = presque certain
dup-likely-likely = probable
dup-likely-perhaps = peut-être
dup-sign-same = identique : { $field }
dup-sign-name = même nom
dup-sign-name-company = même nom et même société
dup-sign-name-birthday = même nom et même date de naissance
dup-sign-name-address = même nom et même adresse
dup-looks = { $count ->
    [one] Cela ressemble à une fiche existante. Ouvrez-la ou continuez.
   *[other] Cela ressemble à { $n } fiches existantes. Ouvrez-les ou continuez.
}
dup-anyway = Créer quand même
dup-merge-title = Fusionner { $name } et { $other }
dup-merge-lead = Choisissez les valeurs qui restent. Rien ne se passe avant que vous n’appuyiez sur Fusionner.
dup-fields = Ce qui reste
dup-swap = Inverser les deux
dup-keeps = Reste
dup-goes = Y est fusionnée
dup-choose = { $field } : la valeur de { $name }
dup-both = Garder les deux
dup-rule = décidé pour vous : ces valeurs ne sont pas visibles pour cette finalité
dup-same = { $count ->
    [one] Un autre champ est identique dans les deux.
   *[other] { $n } autres champs sont identiques dans les deux.
}
dup-moves = Ce qui suit
dup-moves-none = Rien d’autre ne renvoie à la fiche fusionnée.
dup-moves-entries = Entrées de la chronologie
dup-stays = Ce qui reste en place, car son traitement est limité
dup-kept-note = La fiche fusionnée n’est pas détruite : elle quitte les listes, la recherche, la chronologie et les exports, et garde son historique, ses preuves et sa conservation. Une demande d’accès ou d’effacement de la personne couvre les deux.
dup-merge-do = Fusionner
dup-undo-note = Cela peut être annulé plus tard.
dup-merged = Fusionnées. Les deux historiques restent prouvables.
dup-merged-title = Cette fiche a été fusionnée
dup-merged-into = Ses données sont maintenant dans
dup-merged-note = Elle ne figure plus dans aucune liste ni recherche. Elle est conservée et prouvée comme toute autre, et fait partie de toute demande d’accès ou d’effacement de la personne.
dup-merged-by = Fusionnée { $when } par { $who }
dup-open = Ouvrir cette fiche
dup-evidence = Historique et preuve
dup-moving = Ce qui y renvoyait est encore en cours de transfert. L’annulation sera possible ensuite.
dup-unmerge = Annuler la fusion
dup-unmerge-note = Elle revient dans les listes et la recherche, ce qui a été transféré y renvoie de nouveau, et l’autre fiche retrouve ses valeurs là où personne ne les a modifiées depuis.
dup-unmerged = La fusion a été annulée.
dup-unmerged-left = La fusion a été annulée. Modifiés depuis, ces champs restent tels quels : { $fields }.
dup-parts = Fusionnées dans cette fiche
dup-refused-held = Un gel juridique maintient { $name } en l’état.
dup-refused-held-matter = Le gel juridique « { $matter } » maintient { $name } en l’état.
dup-refused-held-do = Adressez-vous à la personne qui l’a posé. Une fois levé, la fusion est possible.
dup-refused-restricted = Le traitement de { $name } est limité : conservation pour raisons juridiques, sans usage.
dup-refused-restricted-do = La fusion sera possible à la fin de la limitation.
dup-refused-requested = Une demande de { $name } est en cours ({ $right }).
dup-refused-requested-do = Répondez-y et clôturez-la d’abord, afin que la réponse couvre ce qui était demandé. Fusionnez ensuite.

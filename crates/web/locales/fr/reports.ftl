nav-reports = Rapports
percent = { $n } %
report-show = Afficher
report-currency = Devise
report-nothing = Rien à compter
report-recorded = Cette exécution est consignée comme un seul événement. Elle compte ce que vous pouvez lister, et rien d’autre.
report-amounts-withheld = Les montants ne sont pas montrés pour cette finalité : il n’y a pas de sommes.
report-all-in = Tout en { $currency }
report-converted = Converti : { $rates }.
report-rate = 1 { $currency } = { $rate } { $base } (taux du { $day })
report-not-in = Sommes en { $one }. N’y figurent pas : { $others }.
report-enter-rates = Saisissez des taux pour tout voir ensemble.
report-pipeline = Pipeline
report-every-pipeline = Tous les pipelines
report-from = Du
report-to = Au
report-wrong-day = Écrivez le jour ainsi : 2026-11-21. Les douze derniers mois sont affichés.
report-whose = À qui
report-everybody = À tout le monde
report-mine = Les miennes
report-nobody = À personne
report-ahead = Horizon
report-months = { $count ->
    [one] { $n } mois
   *[other] { $n } mois
  }
report-deals = { $count ->
    [one] { $n } opportunité
   *[other] { $n } opportunités
  }
report-days = { $count ->
    [one] { $n } jour
   *[other] { $n } jours
  }
report-forecast = Prévision
report-forecast-about = Ce qui a été gagné et ce qui est à attendre, par mois de clôture.
report-forecast-nothing = Aucune opportunité n’est en cours et aucune n’a été gagnée ce mois-ci. Les opportunités avec un montant et une clôture prévue font une prévision.
report-forecast-chart = Pour chaque mois, ce qui est gagné, engagé et probable. Le tableau ci-dessous donne chaque nombre.
report-won = Gagné
report-lost = Perdu
report-open = En cours
report-committed = Engagé
report-committed-note = en cours, probable à { $percent } % au moins
report-weighted = Probable
report-weighted-note = chaque montant selon sa probabilité
report-by-month = Par mois
report-by-owner = Par responsable
report-owner-chart = Pour chaque responsable, ce qui est gagné et probable, ensemble.
report-owner-note = Gagné et probable ensemble, pour les mois ci-dessus.
report-month = Mois
report-owner = Responsable
report-deals-open = Opportunités en cours
report-later = Plus tard
report-undated = Sans date
report-overdue = Date dépassée
report-overdue-note = { $deals } en cours alors que le jour de clôture est passé : { $sum }. Elles ne sont dans aucun des mois.
report-overdue-first = Les { $n } plus en retard sont nommées.
report-late = { $day }, { $late }
report-deal = Opportunité
report-expected = Clôture prévue
report-amount = Montant
report-funnel = Entonnoir
report-funnel-about = Parmi les opportunités arrivées, combien ont atteint chaque étape, et où elles ont été perdues.
report-funnel-nothing = Aucune opportunité n’est entrée dans ce pipeline pendant cette période. Choisissez-en une autre.
report-funnel-chart = Combien des { $n } opportunités ont atteint chaque étape. Le tableau ci-dessous donne chaque nombre.
report-funnel-note = Une opportunité compte pour chaque étape atteinte ou franchie, d’après ses versions. Celles qui sont gagnées les ont toutes franchies.
report-came-in = Arrivées
report-conversion = Dont gagnées
report-conversion-note = { $won } jusqu’ici
report-lost-most = surtout après { $stage } : { $n }
report-reached = { $n } · { $rate }
report-stage = Étape
report-got-here = Arrivées là
report-from-before = De l’étape précédente
report-from-first = De toutes
report-here-now = Ici maintenant
report-lost-here = Perdues ensuite
report-results = Résultats
report-results-about = Ce qui a été gagné et perdu, à quelle fréquence on gagne et en combien de temps.
report-results-nothing = Rien n’a été gagné ni perdu pendant cette période. Choisissez-en une autre.
report-results-chart = Ce qui a été gagné et perdu. Le tableau ci-dessous donne chaque nombre.
report-results-month = Gagné et perdu par mois
report-results-owner = Gagné par responsable
report-results-reason = Gagné et perdu par motif
report-results-pipeline = Gagné par pipeline
report-by = Par
report-way-month = Mois
report-way-owner = Responsable
report-way-reason = Motif
report-way-pipeline = Pipeline
report-win-rate = Taux de réussite
report-win-rate-note = { $won } gagnées, { $lost } perdues
report-cycle = La moitié prend au plus
report-cycle-note = de l’arrivée au gain
report-days-head = Jours, médiane
report-deals-won = Gagnées
report-deals-lost = Perdues
report-reason = { $reason } ({ $outcome })
report-no-reason = Sans motif
report-activity = Activité
report-activity-about = Ce qui a été noté et envoyé, par responsable.
report-activity-nothing = Rien n’a été noté ni envoyé pendant cette période. Choisissez-en une autre.
report-activity-chart = Pour chaque responsable, combien a été noté et envoyé. Le tableau ci-dessous donne chaque nombre.
report-activity-note = Selon le moment des faits, autant que la source le dit. Les commentaires comptent comme notes.
report-does-call = Appels
report-does-meeting = Réunions
report-does-note = Notes
report-does-message = Messages
report-does-task = Tâches
report-together = Ensemble
report-not-counted = Non comptés, car vous ne pouvez pas les lister : { $kinds }.
report-cohorts = Cohortes
report-cohorts-about = Les clients par mois de premier achat, et combien ont racheté.
report-cohorts-nothing = Personne n’a acheté ces douze derniers mois : aucune commande, aucune opportunité gagnée.
report-cohorts-chart = Combien de clients ont acheté pour la première fois chaque mois. Le tableau ci-dessous donne chaque nombre.
report-cohorts-note = Un achat est une commande, sauf annulée ou retournée, ou une opportunité gagnée. Le client est son entreprise, sinon sa personne. Les colonnes disent combien des nouveaux clients d’un mois ont racheté tant de mois plus tard.
report-new-customers = Nouveaux clients
report-first-month = Premier mois
report-month-after = +{ $n }
report-no-orders = Les commandes ne sont pas comptées : vous ne pouvez pas les lister pour cette finalité.
report-of-nobody = { $count ->
    [one] { $n } achat ne nomme aucun client.
   *[other] { $n } achats ne nomment aucun client.
  }
settings-rates = Taux
rates-title = Taux de change
rates-note = Dans les rapports, les sommes sont converties dans cette devise au dernier taux qui n’est pas postérieur au jour du rapport, et le rapport le nomme. Sans taux, les devises restent côte à côte.
rates-currency = La maison compte en
rates-currency-help = Trois lettres, comme EUR (ISO 4217). Les taux valent pour une telle devise ; ceux d’une autre reviennent avec elle.
rates-none = Aucun taux n’est saisi.
rates-of = Devise
rates-day = À partir du
rates-rate = Une unité vaut
rates-rate-help = Dans la devise de la maison, par exemple 0.92.
rates-add = Saisir un taux
rates-remove = Retirer
rates-remove-one = Retirer : { $currency } du { $day }
rates-saved = Enregistré. Les rapports comptent avec dès maintenant.
rates-gone = Le taux est retiré.
did-report-run = a exécuté un rapport
did-rates-changed = a changé un taux de change

# Sales by product.
report-sales = Produits
report-sales-about = Ce qui a été vendu, produit par produit, d’après les lignes des commandes ou des opportunités gagnées.
report-sales-nothing = Rien n’a été vendu avec des lignes pendant cette période. Choisissez-en une autre, ou ajoutez des lignes aux commandes et opportunités.
report-sold = Comptées
report-sold-orders = Commandes
report-sold-deals = Opportunités gagnées
report-sold-orders-note = passées pendant cette période ; sans les annulées ni les retournées
report-sold-deals-note = conclues pendant cette période
report-no-product = Sans produit
report-other-products = { $count ->
    [one] { $n } autre produit
   *[other] { $n } autres produits
}
report-sales-net = Net
report-sales-net-note = hors taxe
report-sales-products = Produits
report-sales-lines = { $count ->
    [one] sur { $n } ligne
   *[other] sur { $n } lignes
}
report-sales-chart = D’abord ce qui a le plus rapporté. Le tableau ci-dessous donne tous les chiffres.
report-by-product = Par produit
report-product = Produit
report-quantity = Quantité
report-lines = Lignes
report-share = Part
report-sales-most = Les { $n } premiers produits ; les autres sont regroupés à la fin.

# Dashboards.
dashboards-title = Tableaux de bord
dashboards-lead = Rapports et vues enregistrées côte à côte, comme vous les composez. Chacun montre ce que vous pouvez voir, quel qu’en soit l’auteur.
dashboards-none = Aucun tableau de bord. Nommez-en un, puis choisissez ses tuiles.
dashboard-new = Nouveau tableau de bord
dashboard-make = Créer
dashboard-note = Son nom est scellé. Vous ajoutez les tuiles à la page suivante.
dashboard-name = Nom
dashboard-shared = Qui le voit
dashboard-shared-no = Moi seul
dashboard-shared-team = Mon équipe
dashboard-shared-all = Tout le monde
dashboard-tiles = { $count ->
    [one] { $n } tuile
   *[other] { $n } tuiles
}
dashboard-subtitle = { $shared } · { $tiles }
dashboard-recorded = Chaque tuile a été faite pour vous et pour votre finalité, et consignée comme le rapport ou la liste qu’elle est.
dashboard-compose = Composer
dashboard-done = Terminé
dashboard-on-home = Afficher sur l’accueil
dashboard-off-home = Retirer de l’accueil
dashboard-at-home = sur l’accueil
dashboard-delete = Supprimer le tableau
dashboard-delete-note = Les vues, rapports et fiches restent.
dashboard-deleted = Le tableau de bord a été supprimé.
dashboard-empty = Pas encore de tuiles
dashboard-empty-note = Choisissez Composer, puis ce que montre la première tuile.
tile-add = Ajouter la tuile
tile-show = Montre
tile-period = Période
tile-view = Vue enregistrée
tile-table = Les chiffres
tile-up = Avancer : { $name }
tile-down = Reculer : { $name }
tile-remove = Retirer : { $name }
tile-first-rows = { $n } sur { $all }
tile-forecast = Prévision
tile-funnel = Entonnoir
tile-by-month = Gagné et perdu par mois
tile-by-owner = Gagné par responsable
tile-by-reason = Gagné et perdu par raison
tile-win-rate = Taux de réussite
tile-cycle-time = Jours jusqu’au gain
tile-activity = Activité
tile-cohorts = Nouveaux clients par mois
tile-sales = Ventes par produit
tile-view-count = Vue : combien
tile-view-sums = Vue : ses sommes
tile-view-rows = Vue : ses premières lignes
span-this-month = Ce mois
span-last-month = Le mois dernier
span-this-quarter = Ce trimestre
span-this-year = Cette année
span-days30 = Les 30 derniers jours
span-months12 = Les douze derniers mois
report-dashboards = Tableaux de bord
report-way-priority = Priorité
report-service = Service
report-service-about = Parmi les dossiers reçus dans une période : combien ont été répondus et résolus à temps.
report-service-nothing = Aucun dossier reçu dans cette période.
report-service-groups = À temps
report-service-chart = La part des résolutions à temps. Le tableau ci-dessous a tous les chiffres.
report-service-note = Une part porte sur ce qui est décidé : à temps ou trop tard. Ce qui est encore ouvert et non dépassé est à part.
report-kept = { $met } à temps, { $missed } trop tard, { $open } en cours
report-cases = Dossiers
report-cases-note = reçus dans cette période
report-no-priority = Sans priorité
report-replied = Répondus à temps
report-solved = Résolus à temps
report-replied-met = Réponses à temps
report-replied-missed = Réponses tardives
report-replied-open = Réponses en attente
report-solved-met = Résolutions à temps
report-solved-missed = Résolutions tardives
report-solved-open = Résolutions en attente

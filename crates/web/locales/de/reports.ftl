nav-reports = Berichte
percent = { $n } %
report-show = Anzeigen
report-currency = Währung
report-nothing = Nichts zu zählen
report-recorded = Dieser Lauf ist als ein Ereignis festgehalten. Er zählt, was Sie auflisten dürfen, und sonst nichts.
report-amounts-withheld = Beträge werden für diesen Zweck zurückgehalten: Es gibt keine Summen.
report-all-in = Alles in { $currency }
report-converted = Umgerechnet: { $rates }.
report-rate = 1 { $currency } = { $rate } { $base } (Kurs vom { $day })
report-not-in = Summen in { $one }. Nicht darin: { $others }.
report-enter-rates = Kurse eingeben, um alles zusammen zu sehen.
report-pipeline = Pipeline
report-every-pipeline = Alle Pipelines
report-from = Von
report-to = Bis
report-wrong-day = Schreiben Sie den Tag als 2026-11-21. Gezeigt werden die letzten zwölf Monate.
report-whose = Wessen
report-everybody = Aller
report-mine = Meine
report-nobody = Niemandes
report-ahead = Voraus
report-months = { $count ->
    [one] { $n } Monat
   *[other] { $n } Monate
  }
report-deals = { $count ->
    [one] { $n } Verkaufschance
   *[other] { $n } Verkaufschancen
  }
report-days = { $count ->
    [one] { $n } Tag
   *[other] { $n } Tage
  }
report-forecast = Prognose
report-forecast-about = Was gewonnen wurde und was zu erwarten ist, nach dem Monat des Abschlusses.
report-forecast-nothing = Keine Verkaufschance ist offen, und diesen Monat wurde keine gewonnen. Verkaufschancen mit Betrag und erwartetem Abschluss ergeben eine Prognose.
report-forecast-chart = Für jeden Monat, was gewonnen, zugesagt und wahrscheinlich ist. Die Tabelle darunter enthält jede Zahl.
report-won = Gewonnen
report-lost = Verloren
report-open = Offen
report-committed = Zugesagt
report-committed-note = offen, zu mindestens { $percent } % wahrscheinlich
report-weighted = Wahrscheinlich
report-weighted-note = jeder Betrag nach seiner Wahrscheinlichkeit
report-by-month = Nach Monat
report-by-owner = Nach Zuständigen
report-owner-chart = Für jede zuständige Person, was gewonnen und wahrscheinlich ist, zusammen.
report-owner-note = Gewonnen und wahrscheinlich zusammen, in den Monaten oben.
report-month = Monat
report-owner = Zuständig
report-deals-open = Offene Verkaufschancen
report-later = Später
report-undated = Ohne Datum
report-overdue = Über ihr Datum hinaus
report-overdue-note = { $deals } offen, obwohl der Tag des Abschlusses vorbei ist: { $sum }. Sie stehen in keinem der Monate.
report-overdue-first = Genannt sind die { $n } am längsten überfälligen.
report-late = { $day }, { $late }
report-deal = Verkaufschance
report-expected = Erwarteter Abschluss
report-amount = Betrag
report-funnel = Trichter
report-funnel-about = Wie viele der hereingekommenen Verkaufschancen jede Phase erreichten, und wo sie verloren gingen.
report-funnel-nothing = In dieser Zeit kam keine Verkaufschance in diese Pipeline. Wählen Sie eine andere.
report-funnel-chart = Wie viele von { $n } Verkaufschancen jede Phase erreichten. Die Tabelle darunter enthält jede Zahl.
report-funnel-note = Eine Verkaufschance zählt für jede Phase, die sie nach ihren Versionen erreicht oder durchlaufen hat. Gewonnene haben alle durchlaufen.
report-came-in = Hereingekommen
report-conversion = Davon gewonnen
report-conversion-note = bisher { $won }
report-lost-most = die meisten nach { $stage }: { $n }
report-reached = { $n } · { $rate }
report-stage = Phase
report-got-here = So weit gekommen
report-from-before = Von der Phase davor
report-from-first = Von allen
report-here-now = Jetzt hier
report-lost-here = Danach verloren
report-results = Ergebnisse
report-results-about = Was gewonnen und verloren wurde, wie oft man gewinnt und wie lange es dauert.
report-results-nothing = In dieser Zeit wurde nichts gewonnen oder verloren. Wählen Sie eine andere.
report-results-chart = Was gewonnen und verloren wurde. Die Tabelle darunter enthält jede Zahl.
report-results-month = Gewonnen und verloren nach Monat
report-results-owner = Gewonnen nach Zuständigen
report-results-reason = Gewonnen und verloren nach Grund
report-results-pipeline = Gewonnen nach Pipeline
report-by = Nach
report-way-month = Monat
report-way-owner = Zuständig
report-way-reason = Grund
report-way-pipeline = Pipeline
report-win-rate = Gewinnquote
report-win-rate-note = { $won } gewonnen, { $lost } verloren
report-cycle = Die Hälfte dauert höchstens
report-cycle-note = vom Eingang bis zum Gewinn
report-days-head = Tage, Median
report-deals-won = Gewonnene
report-deals-lost = Verlorene
report-reason = { $reason } ({ $outcome })
report-no-reason = Kein Grund genannt
report-activity = Aktivität
report-activity-about = Was notiert und gesendet wurde, nach Zuständigen.
report-activity-nothing = In dieser Zeit wurde nichts notiert oder gesendet. Wählen Sie eine andere.
report-activity-chart = Für jede zuständige Person, wie viel notiert und gesendet wurde. Die Tabelle darunter enthält jede Zahl.
report-activity-note = Nach dem Zeitpunkt des Geschehens, soweit die Quelle ihn nennt. Kommentare zählen als Notizen.
report-does-call = Anrufe
report-does-meeting = Treffen
report-does-note = Notizen
report-does-message = Nachrichten
report-does-task = Aufgaben
report-together = Zusammen
report-not-counted = Nicht gezählt, weil Sie sie nicht auflisten dürfen: { $kinds }.
report-cohorts = Kohorten
report-cohorts-about = Kundschaft nach dem Monat des ersten Kaufs, und wie viele wieder kauften.
report-cohorts-nothing = In den letzten zwölf Monaten hat niemand gekauft: keine Bestellung, keine gewonnene Verkaufschance.
report-cohorts-chart = Wie viele in jedem Monat zum ersten Mal kauften. Die Tabelle darunter enthält jede Zahl.
report-cohorts-note = Ein Kauf ist eine Bestellung, außer storniert oder zurückgesandt, oder eine gewonnene Verkaufschance. Kunde ist ihr Unternehmen, sonst ihre Person. Die Spalten sagen, wie viele der Neuen eines Monats so viele Monate später wieder kauften.
report-new-customers = Neue Kunden
report-first-month = Erster Monat
report-month-after = +{ $n }
report-no-orders = Bestellungen sind nicht gezählt: Sie dürfen sie für diesen Zweck nicht auflisten.
report-of-nobody = { $count ->
    [one] { $n } Kauf nennt niemanden.
   *[other] { $n } Käufe nennen niemanden.
  }
settings-rates = Kurse
rates-title = Wechselkurse
rates-note = Summen in Berichten werden mit dem letzten Kurs, der nicht nach dem Tag des Berichts liegt, in diese Währung umgerechnet; der Bericht nennt ihn. Ohne Kurs stehen Währungen nebeneinander.
rates-currency = Das Haus rechnet in
rates-currency-help = Drei Buchstaben wie EUR (ISO 4217). Kurse gelten für eine solche Währung; die einer anderen kommen mit ihr wieder.
rates-none = Noch ist kein Kurs eingegeben.
rates-of = Währung
rates-day = Ab
rates-rate = Eine Einheit ist wert
rates-rate-help = In der Währung des Hauses, etwa 0.92.
rates-add = Kurs eingeben
rates-remove = Zurücknehmen
rates-remove-one = Zurücknehmen: { $currency } vom { $day }
rates-saved = Gespeichert. Berichte rechnen ab jetzt damit.
rates-gone = Der Kurs ist zurückgenommen.
did-report-run = hat einen Bericht erstellt
did-rates-changed = hat einen Wechselkurs geändert

# Sales by product.
report-sales = Produkte
report-sales-about = Was verkauft wurde, Produkt für Produkt, nach den Positionen von Bestellungen oder gewonnenen Verkaufschancen.
report-sales-nothing = In dieser Zeit wurde nichts mit Positionen verkauft. Wählen Sie eine andere, oder fügen Sie Bestellungen und Verkaufschancen Positionen hinzu.
report-sold = Gezählt
report-sold-orders = Bestellungen
report-sold-deals = Gewonnene Verkaufschancen
report-sold-orders-note = in dieser Zeit aufgegeben; ohne stornierte und zurückgesandte
report-sold-deals-note = in dieser Zeit abgeschlossen
report-no-product = Ohne Produkt
report-other-products = { $count ->
    [one] 1 weiteres Produkt
   *[other] { $n } weitere Produkte
}
report-sales-net = Netto
report-sales-net-note = ohne Steuer
report-sales-products = Produkte
report-sales-lines = { $count ->
    [one] auf 1 Position
   *[other] auf { $n } Positionen
}
report-sales-chart = Was am meisten einbrachte, zuerst. Die Tabelle darunter enthält jede Zahl.
report-by-product = Nach Produkt
report-product = Produkt
report-quantity = Menge
report-lines = Positionen
report-share = Anteil
report-sales-most = Die ersten { $n } Produkte; die übrigen stehen am Ende zusammen.

# Dashboards.
dashboards-title = Übersichten
dashboards-lead = Berichte und gespeicherte Ansichten nebeneinander, wie Sie sie zusammenstellen. Jede zeigt, was Sie sehen dürfen, wer auch immer sie gemacht hat.
dashboards-none = Noch keine Übersicht. Benennen Sie eine und wählen Sie dann ihre Kacheln.
dashboard-new = Neue Übersicht
dashboard-make = Anlegen
dashboard-note = Ihr Name wird versiegelt. Kacheln fügen Sie auf der nächsten Seite hinzu.
dashboard-name = Name
dashboard-shared = Wer sie sieht
dashboard-shared-no = Nur ich
dashboard-shared-team = Mein Team
dashboard-shared-all = Alle
dashboard-tiles = { $count ->
    [one] 1 Kachel
   *[other] { $n } Kacheln
}
dashboard-subtitle = { $shared } · { $tiles }
dashboard-recorded = Jede Kachel wurde für Sie und für Ihren Zweck gemacht und als der Bericht oder die Liste protokolliert, die sie ist.
dashboard-compose = Zusammenstellen
dashboard-done = Fertig
dashboard-on-home = Auf der Startseite zeigen
dashboard-off-home = Von der Startseite nehmen
dashboard-at-home = auf der Startseite
dashboard-delete = Übersicht löschen
dashboard-delete-note = Ansichten, Berichte und Datensätze bleiben.
dashboard-deleted = Die Übersicht wurde gelöscht.
dashboard-empty = Noch keine Kacheln
dashboard-empty-note = Drücken Sie Zusammenstellen und wählen Sie, was die erste Kachel zeigt.
tile-add = Kachel hinzufügen
tile-show = Zeigt
tile-period = Zeit
tile-view = Gespeicherte Ansicht
tile-table = Die Zahlen
tile-up = Nach vorn: { $name }
tile-down = Nach hinten: { $name }
tile-remove = Entfernen: { $name }
tile-first-rows = { $n } von { $all }
tile-forecast = Prognose
tile-funnel = Trichter
tile-by-month = Gewonnen und verloren nach Monat
tile-by-owner = Gewonnen nach Zuständigen
tile-by-reason = Gewonnen und verloren nach Grund
tile-win-rate = Abschlussquote
tile-cycle-time = Tage bis zum Gewinn
tile-activity = Aktivität
tile-cohorts = Neue Kundschaft nach Monat
tile-sales = Verkauf nach Produkt
tile-view-count = Ansicht: wie viele
tile-view-sums = Ansicht: ihre Summen
tile-view-rows = Ansicht: ihre ersten Zeilen
span-this-month = Dieser Monat
span-last-month = Letzter Monat
span-this-quarter = Dieses Quartal
span-this-year = Dieses Jahr
span-days30 = Die letzten 30 Tage
span-months12 = Die letzten zwölf Monate
report-dashboards = Übersichten
report-way-priority = Priorität
report-service = Service
report-service-about = Von den Fällen, die in einer Zeit eingingen: wie viele rechtzeitig beantwortet und gelöst wurden.
report-service-nothing = In dieser Zeit ging kein Fall ein.
report-service-groups = Rechtzeitig
report-service-chart = Der Anteil rechtzeitiger Lösungen. Die Tabelle darunter hat jede Zahl.
report-service-note = Ein Anteil bezieht sich auf Entschiedenes: rechtzeitig oder zu spät. Was noch offen und nicht überschritten ist, steht für sich.
report-kept = { $met } rechtzeitig, { $missed } zu spät, { $open } offen
report-cases = Fälle
report-cases-note = gingen in dieser Zeit ein
report-no-priority = Keine Priorität
report-replied = Rechtzeitig beantwortet
report-solved = Rechtzeitig gelöst
report-replied-met = Antworten rechtzeitig
report-replied-missed = Antworten zu spät
report-replied-open = Antworten offen
report-solved-met = Lösungen rechtzeitig
report-solved-missed = Lösungen zu spät
report-solved-open = Lösungen offen

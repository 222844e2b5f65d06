# Aufbewahrung.
retention-title = Aufbewahrung
retention-note = wie lange jeder Datensatz aufbewahrt wird, und nach welcher Regel
retention-coverage = Von einer Regel erfasst
retention-covered = { $covered } von { $all }
retention-uncovered = Ohne Regel wird nichts gelöscht. Wählen Sie eine für:
retention-statutory = Gesetzlich vorgeschrieben
retention-statutory-note = Mindestfristen; nichts verkürzt sie
retention-recommended = Empfohlen
retention-recommended-note = Ihre Vorgaben; Sie können sie ändern
retention-packs = Regelpakete
retention-adopt = Übernehmen
retention-settings = Einstellungen
rule-name = Regel
rule-period = Frist
rule-effect = Wirkung
rule-citation = Quelle
rule-checked = Geprüft
rule-pack = Paket
retention-plan = Zeigen, was fällig ist
retention-sweep = Jetzt durchführen
sweep-records = { $count ->
    [one] 1 Datensatz
   *[other] { $n } Datensätze
}
sweep-decided = { $count ->
    [one] Ein Datensatz ist anzusehen
   *[other] { $n } Datensätze sind anzusehen
}
sweep-goes = Fällig, und die Regel verlangt keine Prüfung. Der Schlüssel wird vernichtet, ein Protokoll bestätigt es.
sweep-review = Fällig, aber eine Regel sieht eine Prüfung vor: Es wartet auf Menschen.
sweep-erasure = Zur Löschung beantragt: Das geschieht auf der Seite der Anfrage.
sweep-unclassified = Keine Regel trifft zu. Ohne Regel wird nichts vernichtet.
sweep-suspended = Uhr und Journal stimmen nicht überein: Nichts wird vernichtet, bis die Zeit bestätigt ist.
sweep-held = Eine Löschsperre bewahrt es. 30 Tage nach Ende der letzten wird neu entschieden.
sweep-nothing = Nichts wird vernichtet
sweep-nothing-note = Jetzt ist nichts fällig. Ein Durchlauf hält nur fest, was entschieden wurde.
queue-title = Fällig, wartet auf Menschen
queue-none = Nichts wartet. Was eine Regel zur Prüfung vorsieht, steht hier, wenn es fällig wird.
queue-choose = Auswählen
queue-record = Datensatz
queue-kind = Art
queue-due = Fällig, und warum
queue-fields = nur { $fields }
queue-reason = Warum sie vernichtet werden sollen
queue-propose = Vernichtung vorschlagen
queue-note = Ein Vorschlag vernichtet nichts. Zuerst gibt ihn eine andere Person frei.
queue-proposed = vorgeschlagen
retention-planned = Das fände ein Durchlauf jetzt. Es wurde nichts geändert.
retention-swept = { $count ->
    [one] Durchgeführt. 1 Datensatz wurde vernichtet.
   *[other] Durchgeführt. { $n } Datensätze wurden vernichtet.
}
retention-strength-law = Gesetz
retention-strength-claims = Rechtsansprüche
retention-strength-contract = Vertrag
retention-strength-policy = Vorgabe
retention-ignored = nicht in Gebrauch
retention-effect-min = mindestens aufbewahren
retention-effect-max = höchstens aufbewahren
retention-effect-prohibit = nie aufbewahren
retention-own = eigene
retention-years = { $count ->
    [one] 1 Jahr
   *[other] { $n } Jahre
}
retention-months = { $count ->
    [one] 1 Monat
   *[other] { $n } Monate
}
retention-weeks = { $count ->
    [one] 1 Woche
   *[other] { $n } Wochen
}
retention-days = { $count ->
    [one] 1 Tag
   *[other] { $n } Tage
}
retention-from-calendar-year-end = ab Ende des Jahres
retention-from-fiscal-year-end = ab Ende des Geschäftsjahres
retention-rules = { $count ->
    [one] 1 Regel
   *[other] { $n } Regeln
}
retention-adopted = übernommen
retention-count-decided = Angesehen
retention-count-due = Fällig
retention-count-overdue = Überfällig
retention-count-review = Wartet auf Menschen
retention-count-erasure = Zur Löschung beantragt
retention-count-held = Unter Löschsperre
retention-count-unclassified = Ohne Regel
retention-count-restricted = Eingeschränkt
retention-count-escalated = Muss ein Mensch entscheiden
retention-count-suspended = Uhr nicht glaubwürdig
retention-count-disposed = Vernichtet
retention-not-set = nicht gesetzt
retention-grace = Karenz
retention-cool-off = Nach einer Löschsperre
retention-country = Land
retention-industry = Branche
retention-approvers = Freigaben für Geprüftes

clock-title = Nichts wird vernichtet, bis die Zeit bestätigt ist
clock-leapt = Die Uhr sprang von { $from } auf { $to }, ohne einen einzigen Eintrag im Journal dazwischen. Eine vorgestellte Uhr würde Datensätze vor ihrer Zeit fällig machen.
clock-missing = { $count ->
    [one] Noch eine Person muss bestätigen, dass sie jetzt stimmt.
   *[other] Noch { $count } Personen müssen bestätigen, dass sie jetzt stimmt.
}
clock-reason = Woher Sie wissen, dass die Zeit stimmt
clock-confirm = Die Zeit stimmt

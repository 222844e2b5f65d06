# Was etwas beendet: die Seite davor, und was auf eine zweite Person wartet.
confirm-title = Bevor Sie fortfahren
confirm-nothing-yet = noch ist nichts geschehen
confirm-goes = Wird vernichtet
confirm-stays = Bleibt
confirm-back = Zurück, nichts ändern
confirm-type = { $count ->
    [one] Geben Sie 1 ein: ein Element wird vernichtet
   *[other] Geben Sie { $n } ein: so viele Elemente werden vernichtet
}
confirm-not-the-number = Geben Sie die Anzahl der Elemente ein, die vernichtet werden, so wie sie auf dieser Seite steht. Es wurde nichts geändert.
confirm-at-once = sofort
approvals-title = Freigaben
approvals-lead = Was erst vernichtet wird, wenn eine zweite Person zustimmt.
approvals-tab-waiting = Ausstehend
approvals-tab-done = Ausgeführt
approvals-none = Nichts wartet auf eine zweite Person
approvals-none-note = Was eine Regel zur Prüfung vorsieht, wird auf der Seite „Aufbewahrung“ oder nach einer Löschung vorgeschlagen. Hier steht es, bis eine andere Person zustimmt.
approvals-none-done = Noch wurde nichts vernichtet
approvals-none-done-note = Jede Anordnung zur Vernichtung steht hier mit der Nummer ihres Protokolls.
approvals-cause-expiry = { $count ->
    [one] Vernichtung von 1 Datensatz
   *[other] Vernichtung von { $n } Datensätzen
}
approvals-cause-erasure = { $count ->
    [one] Löschung von 1 Datensatz
   *[other] Löschung von { $n } Datensätzen
}
approvals-cause-undo = { $count ->
    [one] Rücknahme von 1 Datensatz
   *[other] Rücknahme von { $n } Datensätzen
}
approvals-cause-expiry-fields = { $count ->
    [one] Vernichtung von 1 Feld eines Datensatzes
   *[other] Vernichtung von { $n } Feldern eines Datensatzes
}
approvals-cause-erasure-fields = { $count ->
    [one] Löschung von 1 Feld eines Datensatzes
   *[other] Löschung von { $n } Feldern eines Datensatzes
}
approvals-cause-undo-fields = { $count ->
    [one] 1 Feld eines Imports zurückgenommen
   *[other] { $n } Felder eines Imports zurückgenommen
}
approvals-fields = { $record }: nur { $fields }
approvals-order-expiry = Vernichtung
approvals-order-erasure = Löschung
approvals-order-undo = Zurückgenommener Import
approvals-proposed = vorgeschlagen von { $name }, { $when }
approvals-state = { $done } von { $needed } Freigaben
approvals-reason = Begründung des Vorschlags
approvals-by = Freigegeben von
approvals-nobody = Noch niemand.
approvals-another = Das muss eine andere Person freigeben
approvals-own = Der Vorschlag stammt von Ihnen. Eine andere Person, die Datensätze vernichten darf, öffnet diese Seite und entscheidet.
approvals-before = Sie haben bereits zugestimmt. Jede Person zählt einmal.
approvals-approve = Freigeben
approvals-why = Ihre Begründung
approvals-order = Jetzt vernichten
approvals-order-note = Unter Sperre wird noch einmal entschieden. Zuerst gehen die Schlüssel, dann was sie geöffnet haben; ein Protokoll bestätigt es.
approvals-withdraw = Ablehnen oder zurücknehmen
approvals-withdraw-note = Dadurch wird nichts vernichtet; es kann erneut vorgeschlagen werden.
approvals-proposed-done = Vorgeschlagen. Der Vorschlag wartet auf die Freigabe einer anderen Person.
approvals-approved-done = Freigegeben.
approvals-withdrawn-done = Zurückgenommen; es wurde nichts vernichtet.
approvals-destroyed = Vernichtet, Protokoll { $number }.
approvals-gone = Schon vernichtet
approvals-certified = protokolliert
approvals-certificate = Vernichtungsprotokoll
approvals-under-way = wird ausgeführt

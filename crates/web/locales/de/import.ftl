# Import.
import-title = Import
import-step-file = Datei
import-step-mapping = Spalten
import-step-run = Import
import-step-report = Bericht
import-kind = Was enthalten ist
import-file = Datei
import-file-note = CSV, Excel oder vCard, für Nachrichten .eml oder .mbox; { $limit }. Zeichensatz und Trennzeichen werden erkannt.
import-read = Datei einlesen
import-nothing-yet = Geschrieben wird erst, wenn Sie es sagen.
import-past = Frühere Importe
import-no-past = Noch keine.
mapping-caption = Wohin jede Spalte kommt
mapping-column = Ihre Spalte
mapping-first = Erste Werte
mapping-goes = Kommt nach
mapping-goes-of = { $column } kommt nach
mapping-problems = Probleme
mapping-how = Abgleich
mapping-match = Derselbe Datensatz, wenn gleich ist
mapping-mode = Zeilen dürfen
mapping-basis = Warum Sie sie aufbewahren dürfen
mapping-basis-note = Einmal für alle neuen Personen dieser Datei gefragt. Sie tragen es vom ersten Augenblick an.
preview-title = Was geschähe
import-preview = Vorschau
import-preview-again = Neue Vorschau
import-start = Importieren
import-undo = Diesen Import zurücknehmen
import-look = Ansehen
undo-created = { $count ->
    [one] 1 neuer Datensatz
   *[other] { $n } neue Datensätze
}
undo-created-note = Vernichtet, soweit sie seither niemand verwendet hat und sie jünger als 24 Stunden sind.
undo-updated = { $count ->
    [one] 1 geänderter Datensatz
   *[other] { $n } geänderte Datensätze
}
undo-updated-note = Sie erhalten ihre früheren Werte als neue Version zurück. Was seither geändert wurde, bleibt.
undo-used = Was seither verwendet wurde
undo-used-note = Datensätze, die geöffnet, geändert, gesperrt oder gesetzlich aufzubewahren sind, bleiben, jeder mit seinem Grund.
undo-trail = Das Protokoll
undo-trail-note = Dass importiert und zurückgenommen wurde, bleibt beweisbar.
import-failed = Nicht importierte Zeilen
import-failed-download = Herunterladen
import-row = Zeile
import-why = Was zu tun ist
import-mail = E-Mail
import-other = Datensätze
import-up-to = bis { $size }
import-of = Import vom { $day }
import-rows = { $count ->
    [one] { $n } Zeile
   *[other] { $n } Zeilen
}
import-running = Wird importiert
import-goes-back = Wird zurückgenommen
import-finished = Abgeschlossen
import-undone = Zurückgenommen
import-stopped = Der Import wurde unterbrochen.
import-cancelled = Abgebrochen. Was importiert wurde, bleibt.
import-cancel-note = Bereits importierte Zeilen bleiben; Sie können sie danach zurücknehmen.
import-created = Angelegt
import-updated = Aktualisiert
import-same = Schon vorhanden
import-refused = Nicht importiert
import-failed-shown = { $shown } von { $all } gezeigt
import-undo-note = Die Rücknahme gibt geänderten Datensätzen ihre früheren Werte. Neue gehen innerhalb von 24 Stunden, sofern niemand sie verwendet hat.
import-why-required = Füllen Sie das aus.
import-why-email = Schreiben Sie die Adresse wie name@example.com.
import-why-phone = Schreiben Sie die Nummer mit Landesvorwahl, etwa +49 171 2345678.
import-why-date = Schreiben Sie das Datum als JJJJ-MM-TT.
import-why-suppressed = Diese Person wurde gelöscht und bleibt es.
import-why-ambiguous = Mehrere Datensätze passen. Berichtigen Sie die Zeile oder gleichen Sie anders ab.
import-why-no-match = Kein Datensatz passt.
mapping-create = Anlegen
mapping-update = Aktualisieren
mapping-both = Beides
mapping-never = Nie: alle Zeilen sind neu
mapping-skip = Auslassen
mapping-owner = Verantwortlich: wer hier arbeitet, nach Name oder Adresse
mapping-dates-uncertain = Tag und Monat lassen sich auch umgekehrt lesen; sehen Sie nach.
mapping-street = Straße
mapping-city = Ort
mapping-region = Region
mapping-postal-code = Postleitzahl
mapping-country = Land
mapping-middle-name = Zweiter Vorname
mapping-suffix = Namenszusatz
preview-created = { $n } angelegt
preview-updated = { $n } aktualisiert
preview-same = { $n } schon vorhanden
preview-refused = { $n } abgelehnt
preview-alike = { $count ->
    [one] Eine der ersten 1.000 Zeilen sieht wie ein vorhandener Datensatz aus und wird ihm nicht zugeordnet.
   *[other] { $n } der ersten 1.000 Zeilen sehen wie vorhandene Datensätze aus und werden ihnen nicht zugeordnet.
}
preview-alike-rows = Zeilen: { $rows }
mapping-dates-of = Reihenfolge der Daten in { $column }
mapping-dmy = Tag.Monat.Jahr
mapping-mdy = Monat/Tag/Jahr
mapping-ymd = Jahr-Monat-Tag
mapping-remembered = Spalten wie am { $day }.
preview-tried = Geprüft: die ersten { $n } Zeilen. Der Import selbst geht über alle und nennt jede abgelehnte Zeile.
import-why-not-found = Diesen Datensatz gibt es noch nicht. Zuerst ihn importieren oder die Zeile berichtigen.
import-why-not-staff = Niemand, der hier arbeitet, hat diesen Namen oder diese Adresse.
import-why-no-consent = Dazu gibt es keine Einwilligung.

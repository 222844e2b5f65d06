# Listen, Datensätze, Formulare jeder Art.
list-total = { $total } · { $shown } gezeigt
list-search = In { $title } suchen
list-import = Importieren
list-export = Exportieren
list-filter = Filter
list-filters = { $count ->
    [one] Filter · 1
   *[other] Filter · { $n }
}
list-new = { $kind } anlegen
list-many = mehr als 1.000
list-all = Alle
list-mine = Meine
list-open = Offen
list-recorded = { $count ->
    [one] Das Öffnen dieser Seite wurde als ein Ereignis aufgezeichnet, das diesen einen Datensatz nennt.
   *[other] Das Öffnen dieser Seite wurde als ein Ereignis aufgezeichnet, das diese { $n } Datensätze nennt.
}
list-order-note = Hier beginnen so viele Namen gleich, dass ihre Reihenfolge nach den ersten Buchstaben abweichen kann.
list-withheld-note = Für den Zweck { $purpose } vorenthalten: { $fields }.
list-withheld-switch = Für den Zweck { $purpose } dürfen Sie { $kind } nicht auflisten. Wechseln Sie zu { $other }.
list-withheld-ask = Für den Zweck { $purpose } dürfen Sie { $kind } nicht auflisten. Bitten Sie Ihre Administration um eine Rolle, die es erlaubt.
list-searched = Suche nach „{ $words }“
list-past-end = Nach der vorigen Seite kommt nichts mehr.
list-belongs = Hierher gehören: { $kind }. Legen Sie den ersten Eintrag an.
list-belongs-person = Menschen, mit denen Sie geschäftlich zu tun haben. Importieren Sie eine Tabelle oder legen Sie die erste Person von Hand an.
list-belongs-company = Unternehmen, mit denen Sie geschäftlich zu tun haben. Importieren Sie eine Tabelle oder legen Sie das erste von Hand an.
list-belongs-message = Nachrichten kommen durch Erfassung: aus einem Ordner, einer Postfachdatei oder durch Hochladen. Jede wird aufbewahrt, wie sie eintraf.
list-belongs-task = Was zu tun ist, von wem und bis wann. Legen Sie die erste Aufgabe an.
list-kept = Aufbewahrt
kept-soon = { $count ->
    [0] endet heute
    [one] endet in 1 Tag
   *[other] endet in { $n } Tagen
}
kept-late = { $count ->
    [one] endete vor 1 Tag
   *[other] endete vor { $n } Tagen
}
state-restricted = eingeschränkt
link-withheld = vorenthalten
record-unnamed = Ohne Namen
list-none-yet = Hier ist noch nichts
list-none-match = Nichts passt
list-withheld = Für diesen Zweck vorenthalten
kept-held = gesperrt
filter-sealed-note = Versiegelte Felder lassen sich fragen, ob sie ein Wort sind oder enthalten. Was Sie dazu schreiben, steht nie in einer Adresse und wird nicht aufgezeichnet; dass Sie gefragt haben, schon.
filter-sealed-field = { $field } (versiegelt)
filter-conditions = Bedingungen
filter-group = Gruppe von Bedingungen hinzufügen
filter-group-n = Gruppe { $n }
filter-match = Wie viele dieser Bedingungen gelten müssen
filter-all-hold = Alle
filter-any-holds = Mindestens eine
filter-any-of = Eines von:
filter-and = und
filter-or = oder
filter-too-deep = Die jetzigen Bedingungen sind tiefer verschachtelt, als dieses Formular zeigt. Was Sie hier anwenden, ersetzt sie.
list-columns = Spalten
columns-legend = Angekreuzte Felder werden in dieser Reihenfolge nach dem Namen gezeigt
columns-earlier = { $field } nach vorn
columns-later = { $field } nach hinten
columns-apply = So anzeigen
columns-usual = Die üblichen
view-menu = Ansichten
view-changed = geändert
view-what = Eine Ansicht bewahrt, was diese Liste jetzt zeigt: Filter, Reihenfolge und Spalten. Sie ist versiegelt, denn ein Filter kann Personen nennen.
view-name = Name der Ansicht
view-first-me = { $title } damit öffnen, für mich
view-share = Alle sehen sie
view-first-all = { $title } damit öffnen, für alle
view-save = Änderungen speichern
view-save-new = Als neue Ansicht speichern
view-save-first = Ansicht speichern
view-not-yours = Diese Ansicht gehört allen. Ändern kann sie, wer Ansichten teilen darf; Sie können damit beginnen oder eine eigene speichern.
view-delete = Diese Ansicht löschen
view-delete-note = Löscht die Ansicht und keinen Datensatz. Ist sie geteilt, verschwindet sie für alle.
view-delete-now = Ansicht löschen
view-shared = geteilt
view-first = öffnet zuerst
view-unusable = nicht für { $purpose }
view-missing = Diese Ansicht nennt, was es nicht mehr gibt: { $fields }. Sie wirkt ohne das. Speichern Sie die Änderungen, und sie vergisst es.
view-saved = Die Ansicht ist gespeichert.
view-deleted = Die Ansicht ist gelöscht.
filter-created = Angelegt
filter-updated = Geändert
filter-kept-until = Aufbewahrt bis
filter-state = Zustand
filter-field = Feld
filter-op = Vergleich
filter-value = Wert
filter-apply = Anwenden
filter-clear = Filter aufheben
filter-leave-out = weglassen
filter-none = Feld wählen
filter-chosen = das gewählte
op-eq = ist
op-ne = ist nicht
op-lt = ist vor oder unter
op-le = ist höchstens
op-gt = ist nach oder über
op-ge = ist mindestens
op-in = ist eines von
op-is-empty = ist leer
op-not-empty = hat einen Wert
op-contains = enthält die Wörter
op-starts = hat ein Wort, das beginnt mit
record-jump = Auf dieser Seite
record-facts = Angaben
record-timeline = Verlauf
record-keep = Aufbewahrung und Rechte
record-empty = { $count ->
    [one] 1 leeres zeigen
   *[other] { $n } leere zeigen
}
record-all = Alle
record-saved = Gespeichert als Version { $version }.
record-recorded = Das Öffnen dieser Seite wurde aufgezeichnet.
record-version = Version { $version }, gespeichert { $when }
record-versions = Alle Versionen
history-title = Versionen von { $name }
history-lead = Jede Version bleibt lesbar, bis eine Regel oder ein Antrag sie vernichtet.
history-version = Version { $version }
history-current = gilt jetzt
history-before = Vorher
history-after = Nachher
history-nothing = Ohne Änderung erneut gespeichert.
history-gone = Ihre Werte oder die davor wurden vernichtet.
seen-looked = { $when }, Zweck { $purpose }
seen-revealed = deckte { $when } einen Wert auf, Zweck { $purpose }
record-with = mit { $name }
record-kept-by = Von Probity geführt
record-withheld = { $count ->
    [one] Ein Feld wird vorenthalten.
   *[other] { $n } Felder werden vorenthalten.
}
record-acting = Sie handeln für den Zweck { $purpose }.
show-everything = Alles
show-messages = Nachrichten
show-notes = Notizen
show-tasks = Aufgaben
show-files = Dateien
show-changes = Änderungen
day-today = Heute
day-yesterday = Gestern
line-created = Angelegt
line-changed = Geändert
line-changed-fields = Geändert:{" "}
line-was-changed = {" "}wurde geändert
line-was-changed-fields = {" "}wurde geändert:{" "}
line-by = {" "}von { $name }
keep-earliest = Frühestens löschbar
keep-latest = Spätestens zu löschen
keep-holds = Löschsperren
keep-held = eine Löschsperre
keep-no-hold = keine
reason-hold = Eine Löschsperre
reason-cool-off = Wartezeit nach der letzten Löschsperre
reason-request = Eine offene Anfrage der Person
reason-capture = Angegebenes Datum weit von der Erfassung
reason-clock = Uhr und Journal stimmen nicht überein
reason-no-day = ein noch unbekannter Tag
reason-from = gerechnet ab { $day }
effect-floor = Aufbewahren bis { $day }
effect-yields = Wäre aufzubewahren bis { $day }, tritt zurück
effect-open-floor = Aufbewahren; die Frist hat nicht begonnen
effect-ceiling = Zu löschen bis spätestens { $day }
effect-open-ceiling = Wird enden; die Frist hat nicht begonnen
effect-prohibits = Darf nicht gespeichert werden
effect-open-prohibition = Darf nicht gespeichert werden, sobald der Auslöser eintritt
effect-holds = Aufbewahren bis zur Aufhebung
effect-freezes = Aufbewahren bis zur Antwort
effect-anchors = Zählt ab { $day }
effect-suspends = Nichts wird vernichtet, bis die Zeit bestätigt ist
use-basis = keine Einwilligung nötig
use-consented = mit Einwilligung
use-no-consent = keine Einwilligung erteilt
use-stopped = beendet
record-no-timeline = Hier ist noch nichts geschehen.
record-evidence = Nachweise
reveal = Aufdecken
reveal-field = { $field } aufdecken
reveal-reason = Begründung
keep-title = Warum wir das aufbewahren dürfen
keep-why = Warum?
keep-decides = entscheidet
keep-version = v{ $version }
uses-title = Darf verwendet werden für
seen-title = Gesehen von
rights-title = Betroffenenrechte
rights-package = Auskunftspaket erstellen
rights-erase = Löschung planen
rights-erase-note = Zuerst ein Plan: Er zeigt, was gelöscht wird und was bleibt. Gelöscht wird dadurch nichts.
file-preview = Vorschau
file-no-preview = Keine Vorschau für diesen Typ
file-no-preview-note = Laden Sie die Datei herunter, um sie anzusehen. Das Herunterladen wird aufgezeichnet.
file-about = Zu dieser Datei
file-used = Gehört zu
form-edit = { $name } bearbeiten
form-more = Mehr
form-many = Einen in jede Zeile.
form-link = Schreiben Sie den Namen; beim Speichern wird er nachgeschlagen.
form-masked = Jetzt { $mask }. Lassen Sie das leer, um es zu behalten; was Sie schreiben, ersetzt es.
form-address = { $field }: { $part }
address-street = Straße
address-city = Ort
address-region = Region
address-postal_code = Postleitzahl
address-country = Land
form-note-new = Wird als Version 1 mit ihrem Nachweis geschrieben.
form-note = Beim Speichern entsteht Version { $next }; Version { $now } bleibt in der Historie lesbar.
form-withheld = { $count ->
    [one] Ein Feld wird diesem Zweck vorenthalten; beim Speichern bleibt es, wie es ist.
   *[other] { $n } Felder werden diesem Zweck vorenthalten; beim Speichern bleiben sie, wie sie sind.
}
conflict-saved = Nicht gespeichert: Version { $version } wurde { $when } gespeichert, nachdem Sie dieses Formular geöffnet hatten.
conflict-empty = leer
lookup-none = In Ihrer Reichweite gibt es hierzu nichts dieses Namens: { $kind }. Prüfen Sie die Schreibweise oder legen Sie zuerst den Eintrag an. Ihr Text bleibt erhalten.
lookup-several = Mehrere kommen infrage: { $names }. Schreiben Sie den ganzen Namen ({ $kind }).
export-title = Export: { $kind }
export-back = Zurück zur Liste
export-exactly = Genau diese Liste: ihr Filter, ihre Suche, Reihenfolge und Spalten.
export-format = Format
export-as-csv = CSV
export-as-xlsx = Excel (XLSX)
export-as-vcard = Visitenkarten (vCard)
export-purpose = Zweck
export-asked = Angefordert für
export-unmasked = Verdeckte Felder vollständig, soweit ich sie exportieren darf
export-form-note = Wird als ein Ereignis aufgezeichnet, das jeden Datensatz nennt. Die Datei wird 7 Tage versiegelt für Sie bereitgehalten.
export-start = Export starten
export-made = Die Datei ist fertig
export-making = Die Datei wird geschrieben
export-stopped = Der Export wurde unterbrochen.
export-cancelled = Der Export wurde abgebrochen. Es wurde nichts entnommen.
export-rows = { $count ->
    [one] Ein Datensatz
   *[other] { $n } Datensätze
}
export-cancel-note = Ein abgebrochener Export entnimmt nichts.
export-note = { $size }. Abholbar bis { $day }, dann wird die Datei vernichtet.
export-download = Herunterladen
export-what = Was angefordert wurde
export-one-event = Die Datei wurde als ein Ereignis aufgezeichnet, das jeden Datensatz darin nennt. Auch jedes Herunterladen wird aufgezeichnet.
log-what = Was Sie festhalten
log-as-note = Notiz
log-as-task = Aufgabe
log-as-comment = Kommentar
log-text = Text
log-placeholder = Halten Sie fest, was geschah oder zu tun ist, oder fragen Sie mit @ jemanden im Haus
log-hint = Die erste Zeile wird der Titel. @Name benachrichtigt eine Person.
log-save = Speichern
log-type = Art der Notiz
log-type-note = Notiz
log-type-call = Anruf
log-type-meeting = Besprechung
log-due = Fällig
log-time = Uhrzeit
log-owner = Für
log-remind = Erinnerung
log-remind-none = Keine Erinnerung
log-remind-due = Bei Fälligkeit
log-remind-hour = Eine Stunde vorher
log-remind-day = Am Vortag, 9:00
log-remind-week = Eine Woche vorher, 9:00
log-mention = Im Haus benachrichtigen
log-text-empty = Schreiben Sie zuerst etwas. Was Sie sonst ausgefüllt haben, bleibt erhalten.
log-due-wrong = Schreiben Sie das Datum als 2026-11-21. Ihr Text bleibt erhalten.
log-time-wrong = Schreiben Sie die Uhrzeit als 14:30. Ihr Text bleibt erhalten.
log-due-needed = Eine Uhrzeit braucht ihren Tag. Ihr Text bleibt erhalten.
log-owner-wrong = Wählen Sie jemanden, der hier arbeitet. Ihr Text bleibt erhalten.
log-remind-needs-due = Eine Erinnerung zählt von der Fälligkeit an. Geben Sie eine an oder wählen Sie keine Erinnerung.
log-saved-note = Notiz gespeichert.
log-saved-task = Aufgabe gespeichert.
log-saved-comment = Kommentar gespeichert.
task-ticked = Erledigt.
task-opened = Wieder offen.
task-done = Erledigt
task-for = Für { $name }
task-due-at = { $when }, { $time }
task-open-again = Wieder öffnen: { $title }
act-undone = Zurückgenommen. Was vorher dort stand, steht als neue Version wieder da.

# Tafeln
layouts = Darstellung
layout-table = Tabelle
layout-board = Tafel
layout-board-by = Tafel nach { $field }
layout-groups = Gruppen
layout-groups-by = Gruppen nach { $field }
layout-calendar = Kalender
layout-calendar-by = Kalender nach { $field }
groups-all = Alle davon
list-sum = Summe von { $total }
calendar-month = { $month } { $year }
month-long-1 = Januar
month-long-2 = Februar
month-long-3 = März
month-long-4 = April
month-long-5 = Mai
month-long-6 = Juni
month-long-7 = Juli
month-long-8 = August
month-long-9 = September
month-long-10 = Oktober
month-long-11 = November
month-long-12 = Dezember
calendar-months = Monate
calendar-earlier = Der Monat davor
calendar-later = Der Monat danach
calendar-now = Dieser Monat
calendar-by = nach { $field }
calendar-none = In diesen Wochen liegt kein Tag.
calendar-more = { $n } weitere
calendar-all = Alles an diesem Tag
calendar-count = { $n } in diesen Wochen
calendar-to = Auf den Tag
calendar-move = Verschieben
calendar-leave = Ohne Tag lassen
board-of = { $title } als Tafel
board-none = Hier keine. Verschieben Sie mit m.
board-without = Ohne
board-move = Verschieben…
board-all = Alle als Liste
board-more = mehr als { $n }
board-moved = Verschoben, als neue Version.

# Viele Datensätze auf einmal
bulk-choose = Auswählen
bulk-choose-row = { $name } auswählen
bulk-choose-page = { $count ->
    [one] Den Eintrag dieser Seite auswählen
   *[other] Die { $n } dieser Seite auswählen
}
bulk-choose-rows = Zeilen auswählen (x)
bulk-chosen-n = # auf dieser Seite ausgewählt
bulk-chosen = Ausgewählte ändern…
bulk-all = Alle passenden…
bulk-all-n = { $count ->
    [one] Den passenden…
   *[other] Alle { $n } passenden…
}
bulk-title = { $n } ausgewählt: { $kind }
bulk-what = Was mit ihnen geschieht
bulk-count = Anzahl
bulk-would = Was daraus würde
bulk-done = Was daraus wurde
bulk-so-far = Bisher
bulk-was-cancelled = Abgebrochen: was vorher geschah
bulk-again = Eine andere Handlung wählen
bulk-assign = Zuständigkeit übertragen
bulk-owner = Zuständig
bulk-nobody = Niemand
bulk-set = Ein Feld setzen
bulk-field = Feld
bulk-choose-field = Dieses Feld wählen
bulk-empties = Leer gelassen, leert es das Feld.
bulk-add = Hinzufügen in der Vorschau
bulk-remove = Entfernen in der Vorschau
bulk-preview = Vorschau
bulk-propose = Zur Vernichtung vorschlagen
bulk-propose-note = Ein Vorschlag vernichtet nichts: Andere geben ihn frei, und was eine Regel oder Löschsperre aufbewahrt, ist nicht darin.
bulk-reason = Begründung
bulk-running = Die Datensätze werden geändert
bulk-progress = { $done } von { $total }
bulk-cancel-note = Was vorher geändert wurde, bleibt; jeder Datensatz hat seine frühere Version.
bulk-run = { $count ->
    [one] Den einen Datensatz ändern
   *[other] { $n } Datensätze ändern
}
bulk-run-propose = { $count ->
    [one] Den einen Datensatz vorschlagen
   *[other] { $n } Datensätze vorschlagen
}
bulk-note-frozen = Die Auswahl bleibt, wie sie getroffen wurde: Was später passt, gehört nicht dazu. Sie gilt 15 Minuten. Für die Vorschau wird kein versiegeltes Feld geöffnet.
bulk-note-done = Jeder geänderte Datensatz hat eine neue Version; die frühere bleibt in seiner Historie.
bulk-note-proposed = Ein Vorschlag umfasst höchstens 100 Datensätze. Sie warten auf eine zweite Person.
bulk-to-approvals = Zu den Freigaben
bulk-will-change = Werden geändert
bulk-will-propose = Werden vorgeschlagen
bulk-did-change = Geändert
bulk-did-propose = Vorgeschlagen
bulk-reason-same = Schon so
bulk-reason-held = Gesperrt: eine Löschsperre bewahrt sie
bulk-reason-kept = Aufbewahrt: eine Aufbewahrungsregel bewahrt sie
bulk-reason-waits = Warten: eine offene Anfrage, die Uhr oder gar keine Regel
bulk-reason-restricted = Nicht erlaubt: eingeschränkt, aufbewahrt und nicht verwendet
bulk-reason-out-of-reach = Nicht erlaubt: Sie dürfen sie nicht ändern
bulk-reason-changed = Ausgelassen: seit der Auswahl geändert
bulk-reason-refused = Nicht erlaubt: ein Pflichtfeld würde leer
bulk-act-set = { $field } wird { $value }
bulk-act-empty = { $field } wird geleert
bulk-act-add = { $value } kommt zu { $field }
bulk-act-remove = { $value } wird aus { $field } entfernt
bulk-act-assign = Zuständig wird { $name }
bulk-act-nobody = Niemand ist mehr zuständig
bulk-act-propose = Zur Vernichtung vorgeschlagen: { $reason }
fact-edit = { $field } bearbeiten
form-edit-field = { $field } von { $name }
conflict-field = Nicht gespeichert: { $who } hat { $field } geändert, { $when }. Ihr Text bleibt erhalten; erneutes Speichern überschreibt die Änderung.
restore-look = Version { $version } wiederherstellen
restore-title = Version { $version } von { $name }
restore-lead = Was sich durch das Wiederherstellen dieser Version ändert. Noch hat sich nichts geändert.
restore-changes = { $count ->
    [one] Ein Feld ändert sich
   *[other] { $n } Felder ändern sich
}
restore-now = Jetzt
restore-then = Damals
restore-nothing = Nichts würde sich ändern: Was diese Version sagt, steht jetzt dort.
restore-lost = Kommt nicht zurück: { $fields }
restore-lost-note = Der Wert jener Version wurde durch eine Regel oder einen Antrag in jeder Kopie vernichtet. Das Feld bleibt, wie es jetzt ist.
restore-do = Diese Version wiederherstellen
layout-pipeline = Board: { $field }
deals-open = { $n } offen: { $sum }
deals-won = { $n } gewonnen: { $sum }
board-likely = { $sum } wahrscheinlich
board-summary = Offen: { $open } · wahrscheinlich: { $likely }
board-rots = { $count ->
    [one] { $n } Tag hier
   *[other] { $n } Tage hier
  }
stage-bar = Pipeline { $pipeline }
stage-to = Nach { $stage } verschieben
stage-none = Steht noch in keiner Phase.
stage-since = { $stage }, seit { $when }
stage-at = { $stage }
stage-closed = { $stage } am { $day }
stage-closed-why = { $stage } am { $day }: { $reason }
closing-won = Warum wurde { $name } gewonnen?
closing-lost = Warum wurde { $name } verloren?
closing-note = Der Grund zählt in den Berichten. Er lässt sich später ändern.
closing-reason = Grund
closing-choose = Bitte wählen…
closing-needed = In dieser Pipeline wird nichts ohne Grund abgeschlossen.
closing-words = In eigenen Worten
closing-words-help = Versiegelt; nur wer diesen Datensatz sehen darf, liest es.
form-links = Ein Name je Zeile; sie werden beim Speichern nachgeschlagen.
form-file = Datei für { $field } senden
file-attach = Dateien dazulegen
file-attach-do = Anhängen
file-choose = Wählen Sie zuerst eine Datei.
file-attached = { $count ->
    [one] Die Datei ist abgelegt.
   *[other] { $count } Dateien sind abgelegt.
}
form-file-help = Eine Datei senden oder den Namen einer vorhandenen eingeben.
record-goto = Zum Tag
record-goto-do = Los
record-goto-now = Zurück zu heute

# Lines of deals and orders.
line-title = Positionen
line-none = Noch keine Positionen. Fügen Sie die erste hinzu: was, wie viel davon, für wie viel.
line-what = Bezeichnung
line-quantity = Menge
line-price = Preis
line-discount = Rabatt
line-tax = Steuer
line-net = Netto
line-gross = Brutto
line-acts = Was mit der Position geschieht
line-up = Nach oben: { $name }
line-down = Nach unten: { $name }
line-edit = Bearbeiten: { $name }
line-remove = Entfernen: { $name }
line-add = Position hinzufügen
line-add-help = Was Sie auslassen, kommt vom Produkt: Bezeichnung, Einheit, Preis, Steuer. Ein halber Cent wird je Position einmal aufgerundet. Alt und ein Pfeil verschieben eine Position.
line-removed = Die Position wurde entfernt. Sie zählt nicht mehr und wird mit dem aufbewahrt, worauf sie stand.
line-followed = { $amount }: folgt diesen Positionen.
line-not-followed = { $amount }: von Hand geschrieben.
line-follow = Den Positionen folgen lassen
line-unfollow = Von Hand schreiben
line-changed-meanwhile = Jemand hat diese Position inzwischen geändert. Laden Sie die Seite neu und wiederholen Sie Ihre Änderung.

# Betroffenenanfragen, Auskunftspakete, Löschung.
requests-title = Betroffenenanfragen
requests-new = Anfrage erfassen
requests-new-title = Anfrage erfassen
requests-record = Frist beginnen
requests-record-note = Die Frist zählt ab dem Tag des Eingangs.
requests-none = Keine Anfragen
requests-none-note = Verlangt eine Person Auskunft, Berichtigung oder Löschung, steht es hier mit seiner Frist.
requests-number = Anfrage
requests-person = Person
requests-received = Eingegangen
requests-state = Stand
requests-due = Frist
request-log = Was geschah
request-counted = Wie gezählt?
request-extend = Frist verlängern
request-extend-do = Verlängern und die Person unterrichten
request-refuse = Ablehnen
request-refuse-do = Ablehnen und die Person unterrichten
request-refuse-note = Die Antwort nennt den Grund, seine Quelle und den Weg zur Beschwerde.
request-ground = Grund
request-reason = Begründung, in Worten, die die Person versteht
package-title = Auskunftspaket
package-contents = Inhalt
package-ready = fertig
package-download = Paket herunterladen
package-left-out = Ausgelassen, und warum
package-nothing-left-out = Bisher nichts. Was außen vor bleiben muss, steht hier mit seinem Grund.
erasure-title = Löschplan
erasure-nothing-yet = noch ist nichts gelöscht
erasure-goes = Wird gelöscht
erasure-goes-note = in jeder Kopie der Daten unlesbar
erasure-stays = Bleibt, eingeschränkt
erasure-stays-note = nur für die gesetzliche Pflicht lesbar
erasure-held = Gesperrt
erasure-held-note = 30 Tage nach Ende der letzten Löschsperre neu entschieden
erasure-confirm = Löschen
erasure-none = Jetzt kann nichts gelöscht werden
erasure-none-note = Jede Zeile sagt, was sie aufhält. Beantworten Sie zuerst, was offen ist, und planen Sie dann neu; was das Gesetz aufbewahrt, schränkt schon die Anfrage ein.
erasure-back = Zurück, nichts löschen
erasure-type = Geben Sie { $n } ein, um { $n } zu löschen
erasure-password = Noch einmal Ihr Passwort
erasure-do = { $count ->
    [one] 1 Element löschen
   *[other] { $n } Elemente löschen
}
erasure-ask-second = Eine zweite Person bitten
erasure-propose = Eine zweite Person muss zustimmen
erasure-propose-note = { $count ->
    [one] Ein Element ist zur Prüfung vorgesehen und noch vorhanden. Bitten Sie eine andere Person, seine Löschung freizugeben.
   *[other] { $n } Elemente sind zur Prüfung vorgesehen und noch vorhanden. Bitten Sie eine andere Person, ihre Löschung freizugeben.
}
erasure-propose-reason = Die Person hat die Löschung verlangt; eine Regel sieht dafür eine Prüfung vor.
erasure-done = Gelöscht
erasure-partly = Teilweise gelöscht
erasure-stayed = Was bleibt
erasure-certificate = Löschprotokoll
erasure-certificate-download = Protokoll herunterladen
request-right-access = Auskunft
request-right-know = Kenntnis
request-right-port = Datenübertragbarkeit
request-right-restrict = Einschränkung
request-right-rectify = Berichtigung
request-right-object = Widerspruch
request-right-erase = Löschung
request-right-opt-out = Opt-out
request-right-adm = Automatisierte Entscheidungen
request-state-received = Eingegangen
request-state-identity = Identität
request-state-collecting = Zusammentragen
request-state-decided = Entschieden
request-state-fulfilled = Beantwortet
request-state-refused = Abgelehnt
request-state-partly = Teilweise beantwortet
request-person-gone = nicht mehr vorhanden
request-person-help = Öffnen Sie dieses Formular von der Seite der Person aus oder fügen Sie die Kennung aus deren Adresse ein.
request-right = Verlangt
request-received-on = Eingegangen am
request-why = Was verlangt wurde und auf welchem Weg
request-law = Recht
request-identity = Identität
request-identity-settled = geklärt
request-identity-open = noch nicht geklärt
request-confirm-identity = Identität geklärt
request-confirmed-words = Bei Ansicht der Anfrage geklärt, auf der Seite.
request-make-package = Paket erstellen
request-to-package = Zum Paket
request-review-plan = Löschplan ansehen
request-answered = Als beantwortet vermerken
request-counted-from = Eingegangen { $day }.
request-counted-due = Letzter Tag für die Antwort: { $day } ({ $citation }).
request-extend-to = Bis { $day }, einmalig, unter Mitteilung der Gründe ({ $citation }).
request-ground-excessive = Offenkundig unbegründet oder exzessiv
request-ground-identity = Die Person konnte nicht identifiziert werden
request-ground-law = Ein Gesetz steht entgegen
request-tab-open = Offen
request-tab-closed = Abgeschlossen
request-received-note = eingegangen { $day }
requests-recorded = { $count ->
    [one] Das Öffnen dieser Seite wurde als ein Ereignis aufgezeichnet, das diese Person nennt.
   *[other] Das Öffnen dieser Seite wurde als ein Ereignis aufgezeichnet, das diese { $n } Personen nennt.
}
request-recorded = Das Öffnen dieser Seite wurde aufgezeichnet.
package-making = Das Paket wird erstellt
package-made = Paket erstellt
package-not-asked = Es wurde noch kein Paket angefordert.
package-stopped = Das Paket konnte nicht erstellt werden.
package-of = { $done } von { $total } Datensätzen
package-note = { $size } · versiegelt aufbewahrt, verfällt { $day }
package-records = Datensätze
package-left-note = Was andere Menschen betrifft, ist herausgenommen und im Paket gezählt.
erasure-line = { $n } × { $kind }
erasure-at-once = sofort
erasure-no-date = ohne Datum
erasure-redacted = Die Person wird herausgenommen; für die anderen Betroffenen bleibt es
erasure-others = { $count ->
    [one] Ein Datensatz betrifft auch andere Menschen.
   *[other] { $n } Datensätze betreffen auch andere Menschen.
}
erasure-second = { $count ->
    [one] Ein Datensatz wartet danach auf die Freigabe einer zweiten Person.
   *[other] { $n } Datensätze warten danach auf die Freigabe einer zweiten Person.
}
erasure-suppressed = Ein Hashwert mit Schlüssel bleibt zurück, damit ein späterer Import dieser Person abgelehnt wird.
erasure-expires = Dieser Plan gilt bis { $when } oder bis sich etwas darin ändert.
erasure-reason = Löschung am Plan bestätigt.
erasure-summary = { $erased } gelöscht, { $restricted } eingeschränkt, { $kept } aufbewahrt.
erasure-copies = Ab jetzt in jeder Kopie der Daten unlesbar; in älteren Kopien der Schlüssel, sobald diese ersetzt sind.
erasure-number = Nummer
erasure-unread = Ein Datensatz außerhalb Ihrer Reichweite
erasure-time = Zeit
erasure-request = Anfrage
erasure-recipient = { $recipient } hat Daten dieser Person erhalten ({ $what }) und ist über die Löschung zu unterrichten.
recipients-title = Wer ihre Daten erhalten hat
recipients-none = Niemand ist eingetragen. Wer Daten dieser Person erhalten hat, wird über Löschung, Berichtigung oder Einschränkung unterrichtet (Art. 19 DSGVO).
recipients-standing = Es sind noch Empfänger zu unterrichten. Mit dem letzten endet die Anfrage.
recipients-enter = Empfänger eintragen
recipients-note = In Worten und ohne Daten der Person: Der Eintrag überdauert sie, bis der Empfänger unterrichtet ist.
recipients-who = Empfänger, und wie man ihn erreicht
recipients-what = Was er erhalten hat
recipients-purpose = Wofür und auf welcher Rechtsgrundlage
recipients-how = Wie er unterrichtet wurde oder warum es unmöglich ist
recipients-tell = Unterrichtet
recipients-cannot = Unmöglich
recipient-holds = hat die Daten
recipient-to-tell = zu unterrichten
recipient-told = unterrichtet
recipient-impossible = unmöglich

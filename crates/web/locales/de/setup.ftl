# Erste Einrichtung und Anmeldung.
setup-steps = Schritte
setup-step-you = Sie
setup-step-place = Land und Branche
setup-step-start = Beginn
setup-you-title = Probity einrichten
setup-you-lead = Sie werden Administratorin oder Administrator. Das dauert etwa eine Minute.
setup-code = Einmalcode
setup-code-help = Er steht im Terminal, in dem Probity gestartet wurde, damit niemand sonst dieses Haus in Besitz nehmen kann.
setup-name = Ihr Name
setup-email = E-Mail
setup-password = Passwort
setup-password-help = Mindestens 12 Zeichen. Ein Satz ist leicht zu merken und schwer zu erraten.
setup-next = Weiter
setup-place-title = Land und Branche
setup-place-lead = Danach richten sich die Aufbewahrungsregeln, mit denen Sie beginnen. Jede davon können Sie später ändern.
setup-country = Land
setup-industry = Branche
setup-adopt = Diese Regeln übernehmen
setup-preview = Regeln ansehen
setup-legal = Ein geprüfter Ausgangspunkt mit seinen Quellen, keine Rechtsberatung.
rule-statutory = Gesetz
rule-recommended = empfohlen
setup-start-title = Wie möchten Sie beginnen?
setup-import = Meine Tabelle importieren
setup-import-note = CSV, Excel oder vCard. Sie sehen, was geschehen wird, bevor etwas geschrieben wird.
setup-demo = Beispieldaten ansehen
setup-demo-note = 300 erfundene Personen mit Mails, Verkaufschancen und Anfragen. Mit einem Klick wieder entfernt.
setup-empty = Leer beginnen
setup-empty-note = Legen Sie den ersten Datensatz von Hand an.
sign-in-title = Anmelden
sign-in = Anmelden
sign-in-expired = Ihre Sitzung ist beendet. Ihr Text bleibt erhalten; melden Sie sich an, um dort weiterzumachen.
setup-adopted = { $count ->
    [one] Eine Regel gilt.
   *[other] { $n } Regeln gelten.
}
industry-general = Allgemein
industry-trade = Handel
industry-finance = Finanzwesen
industry-health = Gesundheit
industry-education = Bildung
industry-telecom = Telekommunikation
industry-public = Öffentliche Verwaltung
industry-children = Angebote für Kinder
industry-legal = Rechtsdienstleistungen

# Datensätze, die sich gleichen: beim Schreiben, als Paare, zusammengeführt, zurückgenommen.
dup-title = Dubletten
dup-lead = Datensätze, die wie dieselbe Person, Firma oder Sache aussehen. Nichts wird von selbst zusammengeführt.
dup-scan = Nach neuen suchen
dup-scan-all = Alles durchsehen
dup-seen = Alles, was vor { $when } geändert wurde, ist durchgesehen.
dup-never = Nach Dubletten wurde noch nicht gesucht.
dup-running = Suche nach Dubletten
dup-running-words = { $done } von { $total } Datensätzen
dup-failed = Die Suche nach Dubletten ist stehen geblieben. Starten Sie sie erneut: Sie macht mit dem Rest weiter.
dup-none = Hier gibt es keine Dubletten
dup-none-note = Nach einer Suche stehen die Paare hier, bis sie zusammengeführt oder für verschieden erklärt sind.
dup-group = { $count ->
    [one] Ein Datensatz, der ein anderer sein kann
   *[other] { $n } Datensätze, die dieselben sein können
}
dup-merge = Zusammenführen …
dup-dismiss = Keine Dublette
dup-dismissed = Sie werden erst wieder als Dubletten gezeigt, wenn sich an einem ändert, was sie gemeinsam haben.
dup-likely-sure = fast sicher
dup-likely-likely = wahrscheinlich
dup-likely-perhaps = vielleicht
dup-sign-same = Gleich: { $field }
dup-sign-name = gleicher Name
dup-sign-name-company = gleicher Name, gleiche Firma
dup-sign-name-birthday = gleicher Name und Geburtstag
dup-sign-name-address = gleicher Name, gleiche Anschrift
dup-looks = { $count ->
    [one] Das sieht wie ein vorhandener Datensatz aus. Öffnen Sie ihn, oder machen Sie weiter.
   *[other] Das sieht wie { $n } vorhandene Datensätze aus. Öffnen Sie sie, oder machen Sie weiter.
}
dup-anyway = Trotzdem anlegen
dup-merge-title = { $name } und { $other } zusammenführen
dup-merge-lead = Wählen Sie, wessen Werte bleiben. Bis Sie „Zusammenführen“ drücken, geschieht nichts.
dup-fields = Was bleibt
dup-swap = Beide tauschen
dup-keeps = Bleibt
dup-goes = Geht darin auf
dup-choose = { $field }: der Wert von { $name }
dup-both = Beide behalten
dup-rule = für Sie entschieden: Die Werte sind für diesen Zweck nicht sichtbar
dup-same = { $count ->
    [one] Ein weiteres Feld ist in beiden gleich.
   *[other] { $n } weitere Felder sind in beiden gleich.
}
dup-moves = Was mitgeht
dup-moves-none = Auf den Datensatz, der aufgeht, verweist sonst nichts.
dup-moves-entries = Einträge des Verlaufs
dup-stays = Was bleibt, wo es ist, weil es eingeschränkt ist
dup-kept-note = Der Datensatz, der aufgeht, wird nicht vernichtet: Er verlässt Listen, Suche, Verlauf und Exporte und behält Geschichte, Nachweis und Aufbewahrung. Auskunft und Löschung auf Antrag der Person erfassen beide.
dup-merge-do = Zusammenführen
dup-undo-note = Es lässt sich später zurücknehmen.
dup-merged = Zusammengeführt. Beide Geschichten bleiben nachweisbar.
dup-merged-title = Dieser Datensatz wurde zusammengeführt
dup-merged-into = Seine Daten stehen jetzt in
dup-merged-note = Er steht in keiner Liste und keiner Suche mehr. Er wird aufbewahrt und nachgewiesen wie jeder andere und gehört zu jeder Auskunft und Löschung auf Antrag der Person.
dup-merged-by = Zusammengeführt { $when } von { $who }
dup-open = Diesen Datensatz öffnen
dup-evidence = Geschichte und Nachweis
dup-moving = Was auf ihn verwies, wird noch umgehängt. Danach lässt es sich zurücknehmen.
dup-unmerge = Zusammenführung zurücknehmen
dup-unmerge-note = Er kommt in Listen und Suche zurück, was umgehängt wurde, verweist wieder auf ihn, und der andere Datensatz bekommt seine Werte wieder, soweit sie seither niemand geändert hat.
dup-unmerged = Die Zusammenführung ist zurückgenommen.
dup-unmerged-left = Die Zusammenführung ist zurückgenommen. Seither geändert und deshalb unverändert: { $fields }.
dup-parts = Darin aufgegangen
dup-refused-held = Eine Aufbewahrungssperre hält { $name }, wie der Datensatz ist.
dup-refused-held-matter = Die Aufbewahrungssperre zu „{ $matter }“ hält { $name }, wie der Datensatz ist.
dup-refused-held-do = Fragen Sie, wer die Sperre gesetzt hat. Ist sie aufgehoben, lassen sich beide zusammenführen.
dup-refused-restricted = { $name } ist eingeschränkt: aus rechtlichen Gründen aufbewahrt, nicht genutzt.
dup-refused-restricted-do = Endet die Einschränkung, lassen sich beide zusammenführen.
dup-refused-requested = Ein Antrag von { $name } ist offen ({ $right }).
dup-refused-requested-do = Beantworten und schließen Sie ihn zuerst, damit die Antwort umfasst, wonach gefragt war. Führen Sie danach zusammen.

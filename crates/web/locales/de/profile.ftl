# Das eigene Profil, und Teams.
profile-title = Mein Profil
profile-lead = Wie Seiten zu Ihnen sprechen. Für andere ändert sich nichts.
profile-language = Sprache
profile-language-help = Ohne Auswahl die, um die Ihr Browser bittet.
profile-browser = Wie der Browser bittet
profile-zone = Zeitzone
profile-zone-help = Ihr Name, etwa Europe/Berlin. Ohne Angabe die der Organisation: { $zone }.
profile-dates = Datumsangaben
profile-dates-words = Wie in der Sprache üblich: { $example }
profile-week = Die Woche beginnt am
profile-week-usual = Montag (üblich)
profile-week-monday = Montag
profile-week-saturday = Samstag
profile-week-sunday = Sonntag
profile-saved = Gespeichert. Ihre Seiten sprechen ab jetzt so.
profile-now = Jetzt, wie Ihre Seiten es schreiben
profile-number = Eine Zahl
profile-moment = Ein Zeitpunkt
settings-profile = Mein Profil
settings-teams = Teams
teams-title = Teams
teams-lead = Eine Rolle kann bis zu den Datensätzen des eigenen Teams reichen: was seine Mitglieder angelegt haben, während sie darin waren. Die eigenen erreicht man immer.
teams-none = Noch keine Teams
teams-none-note = Ein Team verbindet alle, die an denselben Datensätzen arbeiten. Benennen Sie das erste.
teams-add = Team anlegen
teams-name = Name des Teams
teams-name-help = Wie man es im Haus nennt, etwa Vertrieb Nord. Kein Personenname.
teams-member-count = { $count ->
    [0] Niemand
    [one] 1 Mitglied
   *[other] { $n } Mitglieder
}
team-rename = Umbenennen
team-member-add = Mitglied aufnehmen
team-member-choose = Kollegin oder Kollege
team-member-choose-help = Wer in einem anderen Team ist, verlässt es.
team-member-remove = { $name } entfernen
team-remove = Entfernen
team-delete = Team auflösen
team-delete-note = Seine Mitglieder sind dann in keinem Team. Wer Datensätze über dieses Team erreichte, erreicht sie nicht mehr; Zuständige behalten ihre.
team-done-made = Das Team ist angelegt. Nehmen Sie seine Mitglieder auf.
team-done-renamed = Umbenannt.
team-done-joined = Aufgenommen. Es gilt ab der nächsten Anfrage.
team-done-left = Entfernt. Es gilt ab der nächsten Anfrage.
team-done-dissolved = Das Team ist aufgelöst.
team-known = Es gibt schon ein Team dieses Namens. Wählen Sie einen anderen.

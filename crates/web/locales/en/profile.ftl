# One's own profile, and teams.
profile-title = My profile
profile-lead = How pages speak to you. Nobody else sees them differently.
profile-language = Language
profile-language-help = Without a choice, the one your browser asks for.
profile-browser = As the browser asks
profile-zone = Time zone
profile-zone-help = Its name, such as Europe/Berlin. Without one, the organisation’s: { $zone }.
profile-dates = Dates
profile-dates-words = As the language writes them: { $example }
profile-week = Weeks begin on
profile-week-usual = Monday (usual)
profile-week-monday = Monday
profile-week-saturday = Saturday
profile-week-sunday = Sunday
profile-saved = Saved. Your pages speak so from now on.
profile-now = Now, as your pages write it
profile-number = A number
profile-moment = A moment
settings-profile = My profile
settings-teams = Teams
teams-title = Teams
teams-lead = A role may reach the records of one’s team: what its members wrote while they were in it. One’s own are always reached.
teams-none = No teams yet
teams-none-note = A team joins colleagues who work on the same records. Name the first one.
teams-add = Add a team
teams-name = Name of the team
teams-name-help = As colleagues say it, such as Sales North. Not anybody’s name.
teams-member-count = { $count ->
    [0] Nobody
    [one] 1 member
   *[other] { $n } members
}
team-rename = Rename
team-member-add = Add a colleague
team-member-choose = Colleague
team-member-choose-help = Who is in another team leaves it.
team-member-remove = Remove { $name }
team-remove = Remove
team-delete = Dissolve the team
team-delete-note = Its members are in no team then. Whoever reached records by this team reaches them no more; owners keep theirs.
team-done-made = The team is there. Add its members.
team-done-renamed = Renamed.
team-done-joined = Added. It holds from their next request on.
team-done-left = Removed. It holds from their next request on.
team-done-dissolved = The team is dissolved.
team-known = There is a team of this name already. Choose another name.

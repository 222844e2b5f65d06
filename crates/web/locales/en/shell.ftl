# The frame around every page, and words that all pages share.
lang = en
dir = ltr
product = Probity
skip = Skip to content
nav-main = Main
nav-home = Home
nav-people = People
nav-companies = Companies
nav-deals = Deals
nav-messages = Messages
nav-tasks = Tasks
nav-cases = Cases
nav-orders = Orders
nav-compliance = Compliance
nav-requests = Requests
nav-retention = Retention
nav-approvals = Approvals
nav-evidence = Evidence
nav-settings = Settings
nav-more = More
search = Search
search-placeholder = Search people, companies, messages
search-key = Ctrl K
search-title = Search
search-found = { $count ->
    [one] 1 found
   *[other] { $n } found
}
search-in = in { $field }
search-recorded = This search was recorded; its words were not.
search-nothing-asked = Write a name, an address, a number or a word of a message.
search-none = Nothing found
search-none-note = Search finds whole words and beginnings of names. Try fewer letters, or another purpose if the field is withheld from this one.
purpose-acting = Acting for
purpose-note = You see what this purpose may see. Switching is recorded.
menu-user = Your menu, { $name }
actor-operator = the operator
actor-system = Probity itself
actor-visitor = a visitor
actor-former = a former colleague
actor-program = a program with an API key
theme = Appearance
theme-auto = Device
theme-light = Light
theme-dark = Dark
sign-out = Sign out
palette = Go, find or do
palette-placeholder = Where to, whom, or what?
palette-go = Go
palette-do = Do
palette-found = Found
palette-search = Search everywhere
palette-choose = choose
palette-open = open
palette-close = close
key-arrows = ↑ ↓
key-enter = Enter
key-esc = Esc
leave-unsaved = What you typed is not saved yet.
masked-again = Masked again.
script-failed = That did not work. Load the page again; nothing was changed.
do-new = New
do-edit = Edit
download = Download
back = Back
previous = Previous
next = Next
tabs = Views
paging = Pages
optional = optional
yes = yes
no = no
plain-foot = Every record kept for a reason, for as long as the reason lasts.
revealed-note = masked again in a minute
withheld-purpose = withheld, needs { $purpose }
withheld-class = withheld, class { $class }
not-proved = Not proved
field-show = Show
field-currency = Currency
job-running = running
job-note = You can leave this page; the work goes on and keeps this address.
job-again = Look again
job-cancel = Cancel
form-save = Save
form-save-over = Save my version
form-cancel = Cancel
form-wrong = { $count ->
    [one] One thing needs a correction. Your text is kept.
   *[other] { $n } things need a correction. Your text is kept.
}
conflict-theirs = Saved meanwhile:
conflict-note = Your text is kept below. Where the two differ, the saved value stands under yours. Saving writes a new version; neither is lost.
error-reference = Reference
date-through = through { $day }
date-today = today
date-left = { $count ->
    [one] 1 day left
   *[other] { $n } days left
}
date-late = { $count ->
    [one] 1 day late
   *[other] { $n } days late
}
date-deadline = { $day }, { $distance }
date-today-at = today { $time }
date-yesterday-at = yesterday { $time }
size-b = { $n } B
size-kb = { $n } KB
size-mb = { $n } MB
size-gb = { $n } GB
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
weekday-7 = Sun
keys-title = Keyboard
keys-search = Search
keys-palette = Go, find or do
keys-help = Show these keys
keys-home = Home
keys-people = People
keys-companies = Companies
keys-evidence = Evidence
keys-down = Next row
keys-up = Previous row
keys-open = Open the row
keys-choose = Choose the row
keys-choose-range = Choose all rows from the last one
keys-move = Move the card
keys-edit = Edit this record
keys-new = New
keys-save = Save the form
keys-escape = Close or cancel
keys-off = Switch single keys off
keys-on = Switch single keys on
keys-note = Single keys are silent while you type, and none of them destroys, sends or reveals.
undo = Undo
bell = Notifications
bell-unread = { $count ->
    [one] Notifications, 1 not read
   *[other] Notifications, { $n } not read
}

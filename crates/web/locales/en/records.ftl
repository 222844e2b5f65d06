# Lists, records, forms of any kind.
list-total = { $total } · { $shown } shown
list-search = Search in { $title }
list-import = Import
list-export = Export
list-filter = Filter
list-filters = { $count ->
    [one] Filter · 1
   *[other] Filter · { $n }
}
list-new = New { $kind }
list-many = more than 1,000
list-all = All
list-mine = Mine
list-open = Open
list-recorded = { $count ->
    [one] Opening this page was recorded as one event naming this one record.
   *[other] Opening this page was recorded as one event naming these { $n } records.
}
list-order-note = So many names begin alike here that their order beyond the first letters may differ.
list-withheld-note = Withheld, acting for { $purpose }: { $fields }.
list-withheld-switch = Acting for { $purpose } you may not list { $kind }. Switch to { $other }.
list-withheld-ask = Acting for { $purpose } you may not list { $kind }. Ask your administrator for a role that allows it.
list-searched = Search for “{ $words }”
list-past-end = Nothing stands after the page before this one.
list-belongs = The { $kind } of your house belong here. Write the first one.
list-belongs-person = People you do business with. Import a sheet, or write the first one by hand.
list-belongs-company = Companies you do business with. Import a sheet, or write the first one by hand.
list-belongs-message = Messages come by capture: a folder, a mailbox file or an upload. Each is kept as it arrived.
list-belongs-task = What is to be done, by whom and by when. Write the first one.
list-kept = Kept
kept-soon = { $count ->
    [0] ends today
    [one] ends in 1 day
   *[other] ends in { $n } days
}
kept-late = { $count ->
    [one] ended 1 day ago
   *[other] ended { $n } days ago
}
state-restricted = restricted
link-withheld = withheld
record-unnamed = Without a name
list-none-yet = Nothing here yet
list-none-match = Nothing matches
list-withheld = Withheld for this purpose
kept-held = held
filter-sealed-note = Sealed fields can be asked whether they are, or have the words. What you write of them never stands in an address and is not recorded; that you asked is.
filter-sealed-field = { $field } (sealed)
filter-conditions = Conditions
filter-group = Add a group of conditions
filter-group-n = Group { $n }
filter-match = How many of these conditions must hold
filter-all-hold = All of these
filter-any-holds = Any of these
filter-any-of = Any of:
filter-and = and
filter-or = or
filter-too-deep = The conditions set now nest deeper than this form shows. What you apply here replaces them.
list-columns = Columns
columns-legend = Ticked fields are shown, in this order, after the name
columns-earlier = Move { $field } earlier
columns-later = Move { $field } later
columns-apply = Show these
columns-usual = The usual ones
view-menu = Views
view-changed = changed
view-what = A view keeps what this list shows now: its filter, order and columns. It is sealed, for a filter may name people.
view-name = Name of the view
view-first-me = Open { $title } with it, for me
view-share = Everybody sees it
view-first-all = Open { $title } with it, for everybody
view-save = Save the changes
view-save-new = Save as a new view
view-save-first = Save the view
view-not-yours = This view is everybody’s. Who may share views changes it; you can open with it, or save one of your own.
view-delete = Delete this view
view-delete-note = Deletes the view and no record. Where it is shared, it is gone for everybody.
view-delete-now = Delete the view
view-shared = shared
view-first = opens first
view-unusable = not for { $purpose }
view-missing = This view names what is gone: { $fields }. It works without. Save the changes, and it forgets them.
view-saved = The view is saved.
view-deleted = The view is deleted.
filter-created = Created
filter-updated = Changed
filter-kept-until = Kept until
filter-state = State
filter-field = Field
filter-op = Comparison
filter-value = Value
filter-apply = Apply
filter-clear = Clear the filter
filter-leave-out = leave out
filter-none = Choose a field
filter-chosen = the chosen one
op-eq = is
op-ne = is not
op-lt = is before or below
op-le = is at most
op-gt = is after or above
op-ge = is at least
op-in = is one of
op-is-empty = is empty
op-not-empty = has a value
op-contains = has the words
op-starts = has a word that begins with
record-jump = On this page
record-facts = Facts
record-timeline = Timeline
record-keep = Keeping and rights
record-empty = { $count ->
    [one] Show 1 empty
   *[other] Show { $n } empty
}
record-all = All
record-saved = Saved as version { $version }.
record-recorded = Opening this page was recorded.
record-version = Version { $version }, saved { $when }
record-versions = All versions
history-title = Versions of { $name }
history-lead = Every version stays readable, until it is destroyed by a rule or a request.
history-version = Version { $version }
history-current = in use
history-before = Before
history-after = After
history-nothing = Saved again without a change.
history-gone = Its values, or those before it, were destroyed.
seen-looked = { $when }, for { $purpose }
seen-revealed = revealed a value { $when }, for { $purpose }
record-with = with { $name }
record-kept-by = Kept by Probity
record-withheld = { $count ->
    [one] One field is withheld.
   *[other] { $n } fields are withheld.
}
record-acting = You act for { $purpose }.
show-everything = Everything
show-messages = Messages
show-notes = Notes
show-tasks = Tasks
show-files = Files
show-changes = Changes
day-today = Today
day-yesterday = Yesterday
line-created = Written down
line-changed = Changed
line-changed-fields = Changed{" "}
line-was-changed = {" "}was changed
line-was-changed-fields = {" "}was changed:{" "}
line-by = {" "}by { $name }
keep-earliest = May go from
keep-latest = Gone by
keep-holds = Holds
keep-held = a legal hold
keep-no-hold = none
reason-hold = A legal hold
reason-cool-off = Cool-off after the last legal hold
reason-request = An open request of the person
reason-capture = Claimed date far from capture
reason-clock = Clock and ledger disagree
reason-no-day = a day not known yet
reason-from = counted from { $day }
effect-floor = Keep through { $day }
effect-yields = Would keep through { $day }, gives way
effect-open-floor = Keep; the period has not begun
effect-ceiling = Gone by { $day } at the latest
effect-open-ceiling = Will end; the period has not begun
effect-prohibits = Must not be stored
effect-open-prohibition = Must not be stored once its trigger happens
effect-holds = Keep until released
effect-freezes = Keep until answered
effect-anchors = Counts from { $day }
effect-suspends = Nothing is destroyed until the time is confirmed
use-basis = no consent needed
use-consented = with consent
use-no-consent = no consent given
use-stopped = stopped
record-no-timeline = Nothing has happened here yet.
record-evidence = Evidence
reveal = Reveal
reveal-field = Reveal { $field }
reveal-reason = Reason
keep-title = Why we may keep this
keep-why = Why?
keep-decides = decides
keep-version = v{ $version }
uses-title = May be used for
seen-title = Seen by
rights-title = Their rights
rights-package = Make access package
rights-erase = Plan erasure
rights-erase-note = A plan first: it shows what goes and what stays. Nothing is erased by it.
file-preview = Preview
file-no-preview = No preview for this type
file-no-preview-note = Download it to look at it. The download is recorded.
file-about = About this file
file-used = Belongs to
form-edit = Edit { $name }
form-more = More
form-many = One in each line.
form-link = Type its name; it is looked up when you save.
form-masked = Now { $mask }. Leave this empty to keep it; what you type replaces it.
form-address = { $field }: { $part }
address-street = street
address-city = city
address-region = region
address-postal_code = postal code
address-country = country
form-note-new = Written as version 1, with its evidence.
form-note = Saving writes version { $next }; version { $now } stays readable in the history.
form-withheld = { $count ->
    [one] One field is withheld from this purpose; saving leaves it as it is.
   *[other] { $n } fields are withheld from this purpose; saving leaves them as they are.
}
conflict-saved = Not saved: version { $version } was saved { $when }, after you opened this form.
conflict-empty = empty
lookup-none = There is no { $kind } of this name in your reach. Check the spelling, or write it first. Your text is kept.
lookup-several = Several could be meant: { $names }. Write the whole name of one { $kind }.
export-title = Export of { $kind }
export-back = Back to the list
export-exactly = Exactly this list: its filter, search, order and columns.
export-format = Format
export-as-csv = CSV
export-as-xlsx = Excel (XLSX)
export-as-vcard = Cards (vCard)
export-purpose = Purpose
export-asked = Asked for
export-unmasked = Masked fields in full, as far as I may export them
export-form-note = Recorded as one event that names every record. The file is kept sealed for you for 7 days.
export-start = Start the export
export-made = The file is ready
export-making = Writing the file
export-stopped = The export stopped.
export-cancelled = The export was cancelled. Nothing was taken out.
export-rows = { $count ->
    [one] One record
   *[other] { $n } records
}
export-cancel-note = A cancelled export takes nothing out.
export-note = { $size }. It can be fetched until { $day } and is destroyed then.
export-download = Download
export-what = What was asked for
export-one-event = The file was recorded as one event that names every record in it. Each download is recorded too.
log-what = What to write down
log-as-note = Note
log-as-task = Task
log-as-comment = Comment
log-text = Text
log-placeholder = Write down what happened, what is to be done, or @ask a colleague
log-hint = The first line becomes the title. @Name tells a colleague.
log-save = Save
log-type = Kind of note
log-type-note = Note
log-type-call = Call
log-type-meeting = Meeting
log-due = Due
log-time = Time
log-owner = For
log-remind = Reminder
log-remind-none = No reminder
log-remind-due = When it is due
log-remind-hour = An hour before
log-remind-day = The day before, 9:00
log-remind-week = A week before, 9:00
log-mention = Tell colleagues
log-text-empty = Write something first. What else you filled in is kept.
log-due-wrong = Write the date as 2026-11-21. Your text is kept.
log-time-wrong = Write the time as 14:30. Your text is kept.
log-due-needed = A time needs its day. Your text is kept.
log-owner-wrong = Choose somebody who works here. Your text is kept.
log-remind-needs-due = A reminder is counted from the due date. Give one, or choose no reminder.
log-saved-note = Note saved.
log-saved-task = Task saved.
log-saved-comment = Comment saved.
task-ticked = Done.
task-opened = Open again.
task-done = Done
task-for = For { $name }
task-due-at = { $when }, { $time }
task-open-again = Open again: { $title }
act-undone = Taken back. What stood there before stands there again, as a new version.

# Boards
layouts = Layout
layout-table = Table
layout-board = Board
layout-board-by = Board by { $field }
layout-groups = Groups
layout-groups-by = Groups by { $field }
layout-calendar = Calendar
layout-calendar-by = Calendar by { $field }
groups-all = All of them
list-sum = Sum of { $total }
calendar-month = { $month } { $year }
month-long-1 = January
month-long-2 = February
month-long-3 = March
month-long-4 = April
month-long-5 = May
month-long-6 = June
month-long-7 = July
month-long-8 = August
month-long-9 = September
month-long-10 = October
month-long-11 = November
month-long-12 = December
calendar-months = Months
calendar-earlier = The month before
calendar-later = The month after
calendar-now = This month
calendar-by = by { $field }
calendar-none = Nothing has a day in these weeks.
calendar-more = { $n } more
calendar-all = All of this day
calendar-count = { $n } in these weeks
calendar-to = To the day
calendar-move = Move
calendar-leave = Leave without a day
board-of = { $title } as a board
board-none = None here. Move one with m.
board-without = Without
board-move = Move…
board-all = All of them as a list
board-more = more than { $n }
board-moved = Moved, as a new version.
layout-pipeline = Board: { $field }
deals-open = { $n } open: { $sum }
deals-won = { $n } won: { $sum }
board-likely = { $sum } likely
board-summary = Open: { $open } · likely: { $likely }
board-rots = { $count ->
    [one] { $n } day here
   *[other] { $n } days here
  }
stage-bar = Pipeline { $pipeline }
stage-to = Move to { $stage }
stage-none = It stands in no stage yet.
stage-since = { $stage }, since { $when }
stage-at = { $stage }
stage-closed = { $stage } on { $day }
stage-closed-why = { $stage } on { $day }: { $reason }
closing-won = Why was { $name } won?
closing-lost = Why was { $name } lost?
closing-note = The reason counts in the reports. It can be changed afterwards.
closing-reason = Reason
closing-choose = Choose one…
closing-needed = In this pipeline nothing is closed without a reason.
closing-words = In your own words
closing-words-help = Sealed, and only read by those who may see this record.

# Many records at once
bulk-choose = Choose
bulk-choose-row = Choose { $name }
bulk-choose-page = { $count ->
    [one] Choose the one on this page
   *[other] Choose the { $n } on this page
}
bulk-choose-rows = Choose rows (x)
bulk-chosen-n = # chosen on this page
bulk-chosen = Change the chosen…
bulk-all = All that match…
bulk-all-n = { $count ->
    [one] The one that matches…
   *[other] All { $n } that match…
}
bulk-title = { $n } chosen of { $kind }
bulk-what = What becomes of them
bulk-count = How many
bulk-would = What would come of it
bulk-done = What came of it
bulk-so-far = So far
bulk-was-cancelled = Stopped: what was done before
bulk-again = Choose another act
bulk-assign = Give them an owner
bulk-owner = Owner
bulk-nobody = Nobody
bulk-set = Set a field
bulk-field = Field
bulk-choose-field = Choose this field
bulk-empties = Left empty, it empties the field.
bulk-add = Preview adding it
bulk-remove = Preview removing it
bulk-preview = Preview
bulk-propose = Propose them for disposal
bulk-propose-note = A proposal destroys nothing: others approve it, and what a rule or a hold keeps is not in it.
bulk-reason = Why
bulk-running = Changing the records
bulk-progress = { $done } of { $total }
bulk-cancel-note = What was changed before stays; each record has its earlier version.
bulk-run = { $count ->
    [one] Change the one record
   *[other] Change { $n } records
}
bulk-run-propose = { $count ->
    [one] Propose the one record
   *[other] Propose { $n } records
}
bulk-note-frozen = The set stays as it was chosen: what comes to match later is not in it. Chosen for 15 minutes. A sealed field is not opened for the preview.
bulk-note-done = Each changed record has a new version; the earlier one stays in its history.
bulk-note-proposed = A proposal holds at most 100 records. They wait for a second person.
bulk-to-approvals = Go to the approvals
bulk-will-change = Will change
bulk-will-propose = Will be proposed
bulk-did-change = Changed
bulk-did-propose = Proposed
bulk-reason-same = So already
bulk-reason-held = Held: a legal hold keeps them
bulk-reason-kept = Kept: a retention rule keeps them
bulk-reason-waits = Wait: an open request, the clock or no rule at all
bulk-reason-restricted = Not allowed: restricted, kept and not used
bulk-reason-out-of-reach = Not allowed: not yours to change
bulk-reason-changed = Left: changed since they were chosen
bulk-reason-refused = Not allowed: a field they need would be empty
bulk-act-set = { $field } becomes { $value }
bulk-act-empty = { $field } is emptied
bulk-act-add = { $value } is added to { $field }
bulk-act-remove = { $value } is removed from { $field }
bulk-act-assign = { $name } becomes the owner
bulk-act-nobody = Nobody owns them any more
bulk-act-propose = Proposed for disposal: { $reason }
fact-edit = Edit { $field }
form-edit-field = { $field } of { $name }
conflict-field = Not saved: { $who } changed { $field } { $when }. Your text is kept; saving again writes it over theirs.
restore-look = Restore version { $version }
restore-title = Version { $version } of { $name }
restore-lead = What restoring this version changes. Nothing has changed yet.
restore-changes = { $count ->
    [one] One field changes
   *[other] { $n } fields change
}
restore-now = Now
restore-then = Then
restore-nothing = Nothing would change: what this version says stands there now.
restore-lost = Cannot come back: { $fields }
restore-lost-note = The value of that version was destroyed by a rule or a request, in every copy. The field stays as it is now.
restore-do = Restore this version
form-links = Type a name in each line; they are looked up when you save.
form-file = Send a file for { $field }
file-attach = Put files beside it
file-attach-do = Attach
file-choose = Choose a file first.
file-attached = { $count ->
    [one] The file is kept.
   *[other] { $count } files are kept.
}
form-file-help = Send a file, or type the name of one that is here.
record-goto = Go to day
record-goto-do = Go
record-goto-now = Back to now

# Lines of deals and orders.
line-title = Lines
line-none = Nothing stands on it yet. Add the first line: what, how much of it, for how much.
line-what = Description
line-quantity = Quantity
line-price = Price
line-discount = Discount
line-tax = Tax
line-net = Net
line-gross = Gross
line-acts = What to do with the line
line-up = Move up: { $name }
line-down = Move down: { $name }
line-edit = Edit: { $name }
line-remove = Remove: { $name }
line-add = Add line
line-add-help = What you leave out comes from the product: description, unit, price, tax. A half cent is rounded up, once a line. Alt and an arrow move a line.
line-removed = The line was removed. It counts no more, and is kept with what it stood on.
line-followed = The { $amount } follows these lines.
line-not-followed = The { $amount } is written by hand.
line-follow = Let it follow the lines
line-unfollow = Write it by hand
line-changed-meanwhile = Somebody changed this line meanwhile. Load the page again and repeat your change.

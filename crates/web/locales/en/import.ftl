# Import.
import-title = Import
import-step-file = File
import-step-mapping = Columns
import-step-run = Import
import-step-report = Report
import-kind = What is in it
import-file = File
import-file-note = CSV, Excel or vCard, for messages .eml or .mbox; { $limit }. Encoding and separator are found by themselves.
import-read = Read the file
import-nothing-yet = Nothing is written before you say so.
import-past = Earlier imports
import-no-past = None yet.
mapping-caption = Where each column goes
mapping-column = Your column
mapping-first = First values
mapping-goes = Goes to
mapping-goes-of = { $column } goes to
mapping-problems = Problems
mapping-how = How to match
mapping-match = Same record when this is equal
mapping-mode = Rows may
mapping-basis = Why you may keep them
mapping-basis-note = Asked once for all new people of this file. They carry it from the first moment.
preview-title = What would happen
import-preview = Preview
import-preview-again = Preview again
import-start = Import
import-undo = Undo this import
import-look = Look at them
undo-created = { $count ->
    [one] 1 new record
   *[other] { $n } new records
}
undo-created-note = Destroyed, where nobody used them since and they are younger than 24 hours.
undo-updated = { $count ->
    [one] 1 changed record
   *[other] { $n } changed records
}
undo-updated-note = They get their earlier values back, as a new version. What somebody changed since stays.
undo-used = What was used since
undo-used-note = Records opened, changed, held or kept by law stay as they are, each with its reason.
undo-trail = The trail
undo-trail-note = That the import was made and taken back stays provable.
import-failed = Rows not imported
import-failed-download = Download them
import-row = Row
import-why = What to do
import-mail = E-mail
import-other = Records
import-up-to = up to { $size }
import-of = Import of { $day }
import-rows = { $count ->
    [one] { $n } row
   *[other] { $n } rows
}
import-running = Importing
import-goes-back = Taking it back
import-finished = Finished
import-undone = Taken back
import-stopped = It stopped.
import-cancelled = Cancelled. What was imported stays.
import-cancel-note = Rows already imported stay; you can undo them afterwards.
import-created = Created
import-updated = Updated
import-same = There already
import-refused = Not imported
import-failed-shown = { $shown } of { $all } shown
import-undo-note = Undo gives changed records their earlier values. New records go within 24 hours, unless somebody used them since.
import-why-required = Fill this in.
import-why-email = Write the address like name@example.com.
import-why-phone = Write the number with its country code, like +49 171 2345678.
import-why-date = Write the date as YYYY-MM-DD.
import-why-suppressed = This person was erased and stays so.
import-why-ambiguous = Several records match. Correct the row, or match by something else.
import-why-no-match = No record matches.
mapping-create = Create
mapping-update = Update
mapping-both = Both
mapping-never = Never: all rows are new
mapping-skip = Skip
mapping-owner = Owner: who works here, by name or address
mapping-dates-uncertain = Day and month can be read in another order; look at them.
mapping-street = Street
mapping-city = City
mapping-region = Region
mapping-postal-code = Postal code
mapping-country = Country
mapping-middle-name = Middle name
mapping-suffix = Name suffix
preview-created = { $n } created
preview-updated = { $n } updated
preview-same = { $n } there already
preview-refused = { $n } refused
preview-alike = { $count ->
    [one] One of the first 1,000 rows looks like a record you have already and will not be matched with it.
   *[other] { $n } of the first 1,000 rows look like records you have already and will not be matched with them.
}
preview-alike-rows = Rows: { $rows }
mapping-dates-of = Order of the dates in { $column }
mapping-dmy = day.month.year
mapping-mdy = month/day/year
mapping-ymd = year-month-day
mapping-remembered = Columns as you had them on { $day }.
preview-tried = Tried: the first { $n } rows. The import itself goes over all of them and names every row that is refused.
import-why-not-found = There is no such record yet. Bring it in first, or correct the row.
import-why-not-staff = Nobody who works here has this name or address.
import-why-no-consent = They have not consented to it.

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
list-kept = Kept
list-none-yet = Nothing here yet
list-none-match = Nothing matches
list-withheld = Withheld for this purpose
kept-held = held
filter-open = Where
filter-sealed = Find by a sealed field
filter-sealed-note = A sealed value never stands in an address. The search is recorded; its words are not.
filter-field = Field
filter-op = Comparison
filter-value = Value
filter-apply = Apply
filter-clear = Clear the filter
filter-find = Find
filter-leave-out = leave out
record-jump = On this page
record-facts = Facts
record-timeline = Timeline
record-keep = Keeping and rights
record-empty = { $count ->
    [one] Show 1 empty
   *[other] Show { $n } empty
}
record-all = All
record-no-timeline = Nothing has happened here yet.
record-evidence = Evidence
reveal = Reveal
reveal-field = Reveal { $field }
reveal-reason = Reason
note-label = New note
note-placeholder = Write a note
note-save = Save note
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

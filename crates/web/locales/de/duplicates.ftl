# Records that look alike: while one is written, in pairs, merged, taken back.
dup-title = Duplicates
dup-lead = Records that look like the same person, company or thing. Nothing is merged by itself.
dup-scan = Look for new ones
dup-scan-all = Look through everything
dup-seen = Everything changed before { $when } was looked at.
dup-never = Nobody has looked for duplicates yet.
dup-running = Looking for duplicates
dup-running-words = { $done } of { $total } records
dup-failed = The search for duplicates stopped. Start it again: it goes on with what is left.
dup-none = No duplicates here
dup-none-note = Pairs stand here once they were looked for, until they are merged or said to be different.
dup-group = { $count ->
    [one] One record that may be another
   *[other] { $n } records that may be the same
}
dup-merge = Merge…
dup-dismiss = Not a duplicate
dup-dismissed = They are not shown as duplicates again until one of them changes in what they share.
dup-likely-sure = almost certain
dup-likely-likely = likely
dup-likely-perhaps = perhaps
dup-sign-same = same { $field }
dup-sign-name = same name
dup-sign-name-company = same name and company
dup-sign-name-birthday = same name and birthday
dup-sign-name-address = same name and address
dup-looks = { $count ->
    [one] This looks like a record you have already. Open it, or go on.
   *[other] This looks like { $n } records you have already. Open them, or go on.
}
dup-anyway = Create anyway
dup-merge-title = Merge { $name } and { $other }
dup-merge-lead = Choose whose values stay. Nothing happens before you press Merge.
dup-fields = What stays
dup-swap = Swap the two
dup-keeps = Stays
dup-goes = Is merged away
dup-choose = { $field }: the value of { $name }
dup-both = Keep both
dup-rule = decided for you: its values may not be seen for this purpose
dup-same = { $count ->
    [one] One more field is the same in both.
   *[other] { $n } more fields are the same in both.
}
dup-moves = What moves along
dup-moves-none = Nothing else points to the record that is merged away.
dup-moves-entries = Entries of the timeline
dup-stays = What stays where it is, because it is restricted
dup-kept-note = The record that is merged away is not destroyed: it leaves lists, search, timeline and exports, and keeps its history, its proof and its retention. An access or erasure request of the person covers both.
dup-merge-do = Merge
dup-undo-note = It can be taken back later.
dup-merged = Merged. Both histories stay provable.
dup-merged-title = This record was merged
dup-merged-into = Its data are now in
dup-merged-note = It is in no list or search any more. It is kept and proved like any record, and it is part of every access or erasure request of the person.
dup-merged-by = Merged { $when } by { $who }
dup-open = Open that record
dup-evidence = History and proof
dup-moving = What pointed to it is still being moved. It can be taken back when that is over.
dup-unmerge = Take the merge back
dup-unmerge-note = It comes back into lists and search, what was moved points to it again, and the other record gets its values back where nobody changed them since.
dup-unmerged = The merge was taken back.
dup-unmerged-left = The merge was taken back. These were changed since and stay as they are: { $fields }.
dup-parts = Merged into this record
dup-refused-held = A legal hold keeps { $name } as it is.
dup-refused-held-matter = The legal hold for “{ $matter }” keeps { $name } as it is.
dup-refused-held-do = Ask whoever placed the hold. Once it is released they can be merged.
dup-refused-restricted = { $name } is restricted: kept for legal reasons, not used.
dup-refused-restricted-do = They can be merged once the restriction ends.
dup-refused-requested = A request of { $name } is open ({ $right }).
dup-refused-requested-do = Answer and close it first, so that its answer covers what it was asked for. Then merge.

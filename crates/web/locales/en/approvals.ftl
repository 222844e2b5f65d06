# What ends something: the page before it, and what waits for a second person.
confirm-title = Before you go on
confirm-nothing-yet = nothing has happened yet
confirm-goes = Goes
confirm-stays = Stays
confirm-back = Back, change nothing
confirm-type = { $count ->
    [one] Type 1: one item goes
   *[other] Type { $n }: so many items go
}
confirm-not-the-number = Type the number of items that go, as it stands on this page. Nothing was changed.
confirm-at-once = at once
approvals-title = Approvals
approvals-lead = What goes only when a second person agrees.
approvals-tab-waiting = Waiting
approvals-tab-done = Carried out
approvals-none = Nothing waits for a second person
approvals-none-note = What a rule sets for review is proposed on the page of retention, or after an erasure. It stands here until another person agrees.
approvals-none-done = Nothing was destroyed yet
approvals-none-done-note = Every order to destroy stands here with the number of its certificate.
approvals-cause-expiry = { $count ->
    [one] Disposal of 1 record
   *[other] Disposal of { $n } records
}
approvals-cause-erasure = { $count ->
    [one] Erasure of 1 record
   *[other] Erasure of { $n } records
}
approvals-cause-undo = { $count ->
    [one] Taking back 1 record
   *[other] Taking back { $n } records
}
approvals-cause-expiry-fields = { $count ->
    [one] Disposal of 1 field of a record
   *[other] Disposal of { $n } fields of a record
}
approvals-cause-erasure-fields = { $count ->
    [one] Erasure of 1 field of a record
   *[other] Erasure of { $n } fields of a record
}
approvals-cause-undo-fields = { $count ->
    [one] 1 field of an import taken back
   *[other] { $n } fields of an import taken back
}
approvals-fields = { $record }: only { $fields }
approvals-order-expiry = Disposal
approvals-order-erasure = Erasure
approvals-order-undo = Import taken back
approvals-proposed = proposed by { $name }, { $when }
approvals-state = { $done } of { $needed } approved
approvals-reason = Why it was proposed
approvals-by = Approved by
approvals-nobody = Nobody yet.
approvals-another = Another person must approve this
approvals-own = You proposed it. Somebody else who may dispose of records opens this page and decides.
approvals-before = You approved it before. One person counts once.
approvals-approve = Approve
approvals-why = Your reason
approvals-order = Destroy now
approvals-order-note = It is decided again under lock. The keys go first, then what they opened; a certificate says so.
approvals-withdraw = Turn it down, or take it back
approvals-withdraw-note = Nothing is destroyed by that; it may be proposed again.
approvals-proposed-done = Proposed. It waits for another person to approve it.
approvals-approved-done = Approved.
approvals-withdrawn-done = Taken back; nothing was destroyed.
approvals-destroyed = Destroyed, and certified under { $number }.
approvals-gone = Gone already
approvals-certified = certified
approvals-certificate = Certificate
approvals-under-way = under way

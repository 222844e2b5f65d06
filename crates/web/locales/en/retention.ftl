# Retention.
retention-title = Retention
retention-note = how long each record is kept, and by which rule
retention-coverage = Covered by a rule
retention-covered = { $covered } of { $all }
retention-uncovered = Nothing is deleted without a rule. Choose one for:
retention-statutory = Required by statute
retention-statutory-note = floors; nothing shortens them
retention-recommended = Recommended
retention-recommended-note = your policy; yours to change
retention-packs = Rule packs
retention-adopt = Adopt
retention-settings = Settings
rule-name = Rule
rule-period = Period
rule-effect = Effect
rule-citation = Source
rule-checked = Checked
rule-pack = Pack
retention-plan = Show what is due
retention-sweep = Sweep now
sweep-records = { $count ->
    [one] 1 record
   *[other] { $n } records
}
sweep-decided = { $count ->
    [one] One record is to be looked at
   *[other] { $n } records are to be looked at
}
sweep-goes = Due, and its rule says that nobody needs to look first. Its key is destroyed, and a certificate says so.
sweep-review = Due, but a rule sets it for review: it waits for people.
sweep-erasure = Asked to be erased: that is done on the page of the request.
sweep-unclassified = No rule applies. Without a rule nothing is destroyed.
sweep-suspended = The clock and the ledger disagree: nothing is destroyed until the time is confirmed.
sweep-held = A legal hold keeps it. It is decided again 30 days after the last hold ends.
sweep-nothing = Nothing goes
sweep-nothing-note = Nothing is due now. A sweep only notes what was decided.
queue-title = Due, waiting for people
queue-none = Nothing waits. What a rule sets for review stands here when it falls due.
queue-choose = Choose
queue-record = Record
queue-kind = Kind
queue-due = Due, and why
queue-fields = only { $fields }
queue-reason = Why they should go
queue-propose = Propose their disposal
queue-note = A proposal destroys nothing. Another person approves it first.
queue-proposed = proposed
retention-planned = This is what a sweep would find now. Nothing was changed.
retention-swept = { $count ->
    [one] Swept. 1 record was disposed of.
   *[other] Swept. { $n } records were disposed of.
}
retention-strength-law = law
retention-strength-claims = legal claims
retention-strength-contract = contract
retention-strength-policy = policy
retention-ignored = not in use
retention-effect-min = keep at least
retention-effect-max = keep at most
retention-effect-prohibit = never keep
retention-own = our own
retention-years = { $count ->
    [one] 1 year
   *[other] { $n } years
}
retention-months = { $count ->
    [one] 1 month
   *[other] { $n } months
}
retention-weeks = { $count ->
    [one] 1 week
   *[other] { $n } weeks
}
retention-days = { $count ->
    [one] 1 day
   *[other] { $n } days
}
retention-from-calendar-year-end = from the end of the year
retention-from-fiscal-year-end = from the end of the fiscal year
retention-rules = { $count ->
    [one] 1 rule
   *[other] { $n } rules
}
retention-adopted = adopted
retention-count-decided = Looked at
retention-count-due = Due
retention-count-overdue = Overdue
retention-count-review = Wait for people
retention-count-erasure = Asked to be erased
retention-count-held = Under a hold
retention-count-unclassified = Without a rule
retention-count-restricted = Restricted
retention-count-escalated = For a human to decide
retention-count-suspended = Clock not believed
retention-count-disposed = Disposed of
retention-not-set = not set
retention-grace = Grace
retention-cool-off = After a hold
retention-country = Country
retention-industry = Industry
retention-approvers = Approvals for what is reviewed

clock-title = Nothing is destroyed until the time is confirmed
clock-leapt = The clock went from { $from } to { $to } without a single entry in the ledger in between. A clock set ahead would make records due before their time.
clock-missing = { $count ->
    [one] One more person must say that it is right now.
   *[other] { $count } people must say that it is right now.
}
clock-reason = How you know that the time is right
clock-confirm = The time is right

# Requests, access packages, erasure.
requests-title = Requests
requests-new = Record a request
requests-new-title = Record a request
requests-record = Start the clock
requests-record-note = The due date counts from the day it was received.
requests-none = No requests
requests-none-note = When a person asks for their data, a correction or erasure, it stands here with its due date.
requests-number = Request
requests-person = Person
requests-received = Received
requests-state = Standing
requests-due = Due
request-log = What happened
request-counted = How counted?
request-extend = Extend the time
request-extend-do = Extend and tell the person
request-refuse = Refuse
request-refuse-do = Refuse and tell the person
request-refuse-note = The answer names the ground, its source and the way to complain.
request-ground = Ground
request-reason = Reason, in words the person understands
package-title = Access package
package-contents = What is in it
package-ready = ready
package-download = Download the package
package-left-out = Left out, and why
package-nothing-left-out = Nothing so far. What must stay out is listed here with its reason.
erasure-title = Plan of erasure
erasure-nothing-yet = nothing has gone yet
erasure-goes = Goes
erasure-goes-note = unreadable in every data copy
erasure-stays = Stays, locked
erasure-stays-note = readable for its legal duty alone
erasure-held = Held
erasure-held-note = decided again 30 days after the last hold ends
erasure-confirm = Erase
erasure-none = Nothing can be erased now
erasure-none-note = Each line says what keeps it. Answer what is open first, then plan again; what the law keeps is locked by the request itself.
erasure-back = Back, erase nothing
erasure-type = Type { $n } to erase { $n }
erasure-password = Your password again
erasure-do = { $count ->
    [one] Erase 1 item
   *[other] Erase { $n } items
}
erasure-ask-second = Ask a second person
erasure-propose = A second person must agree
erasure-propose-note = { $count ->
    [one] One item is set for review and is still there. Ask another person to approve its erasure.
   *[other] { $n } items are set for review and are still there. Ask another person to approve their erasure.
}
erasure-propose-reason = The person asked for erasure; a rule sets this for review.
erasure-done = Erased
erasure-partly = Partly erased
erasure-stayed = What stays
erasure-certificate = Certificate of destruction
erasure-certificate-download = Download certificate
request-right-access = Access
request-right-know = Know
request-right-port = Portability
request-right-restrict = Restriction
request-right-rectify = Correction
request-right-object = Objection
request-right-erase = Erasure
request-right-opt-out = Opt-out
request-right-adm = Automated decisions
request-state-received = Received
request-state-identity = Identity
request-state-collecting = Collecting
request-state-decided = Decided
request-state-fulfilled = Answered
request-state-refused = Refused
request-state-partly = Answered in part
request-person-gone = no longer here
request-person-help = Open this form from the person’s page, or paste the identifier from its address.
request-right = Asks for
request-received-on = Received on
request-why = What was asked, and how it came
request-law = Law
request-identity = Identity
request-identity-settled = settled
request-identity-open = not settled yet
request-confirm-identity = Identity settled
request-confirmed-words = Settled on sight of the request, at the page.
request-make-package = Make the package
request-to-package = To the package
request-review-plan = Review the plan of erasure
request-answered = Mark as answered
request-counted-from = Received { $day }.
request-counted-due = Last day to answer: { $day } ({ $citation }).
request-extend-to = To { $day }, once, with the reason told ({ $citation }).
request-ground-excessive = Manifestly unfounded or excessive
request-ground-identity = The person could not be identified
request-ground-law = A law forbids it
request-tab-open = Open
request-tab-closed = Closed
request-received-note = received { $day }
requests-recorded = { $count ->
    [one] Opening this page was recorded as one event naming this person.
   *[other] Opening this page was recorded as one event naming these { $n } people.
}
request-recorded = Opening this page was recorded.
package-making = Making the package
package-made = Package made
package-not-asked = No package was asked for yet.
package-stopped = The package could not be made.
package-of = { $done } of { $total } records
package-note = { $size } · kept sealed, expires { $day }
package-records = Records
package-left-note = What concerns other people is taken out and counted inside the package.
erasure-line = { $n } × { $kind }
erasure-at-once = at once
erasure-no-date = no date
erasure-redacted = The person is taken out; it stays for the others it concerns
erasure-others = { $count ->
    [one] One record concerns other people too.
   *[other] { $n } records concern other people too.
}
erasure-second = { $count ->
    [one] One record waits for a second person’s approval after this.
   *[other] { $n } records wait for a second person’s approval after this.
}
erasure-suppressed = A keyed hash stays behind, so that a later import of this person is refused.
erasure-expires = This plan is good until { $when }, or until anything in it changes.
erasure-reason = Erasure confirmed at the plan.
erasure-summary = { $erased } erased, { $restricted } locked, { $kept } kept.
erasure-copies = Unreadable in every copy of the data now; in older copies of the keys once these have been replaced.
erasure-number = Number
erasure-unread = A record outside your reach
erasure-time = Time
erasure-request = Request
erasure-recipient = { $recipient } was given this person’s data ({ $what }) and is to be told of the erasure.
recipients-title = Who was given their data
recipients-none = Nobody is entered. Whoever received this person’s data is told of an erasure, a correction or a restriction (GDPR Art. 19).
recipients-standing = Recipients are still to be told. The request ends with the last of them.
recipients-enter = Enter a recipient
recipients-note = In words, without the person’s data: the entry outlives them until the recipient was told.
recipients-who = Recipient, and how they are reached
recipients-what = What they were given
recipients-purpose = For what, and on which ground
recipients-how = How they were told, or why it is impossible
recipients-tell = They were told
recipients-cannot = It is impossible
recipient-holds = has the data
recipient-to-tell = to be told
recipient-told = told
recipient-impossible = impossible

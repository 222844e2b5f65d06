# Evidence.
evidence-title = Evidence
evidence-lead = Every opening and every change, in a tree that nobody can rewrite unseen.
evidence-verify = Verify now
evidence-size = Events in the tree
evidence-size-note = salted; stays verifiable after erasure
evidence-pending = Waiting for the tree
evidence-pending-note = written with their change, sealed within seconds
evidence-signed = Last checkpoint
evidence-signed-note = signed with this house’s key
evidence-latest = Latest events
evidence-find = Events of a record
evidence-find-label = Record number, or a person’s e-mail address
evidence-find-do = Find events
evidence-anchors = Seen by outsiders
evidence-no-anchor = Nobody outside vouches for this tree
evidence-no-anchor-note = Whoever holds this house’s key could rewrite it whole. Send the checkpoint to a witness or a time-stamp authority.
evidence-checkpoint = Checkpoint
evidence-of = Evidence of
evidence-bundle = Download bundle
evidence-proved = Proved
evidence-offline = Check it offline, without us:
evidence-same = Check the same offline
events-title = Events
event-when = When
event-what = What happened
event-purpose = For
event-name = Event
event-leaf = Leaf
event-source = As recorded
event-records = Records it names
evidence-never = nothing was signed yet
evidence-vkey = Verifier key: { $key }
evidence-unanchored = Nothing outside this house vouches for this tree.
evidence-witnesses = Known witnesses
evidence-anchored = { $leaves } leaves, seen { $when }
evidence-agrees = agrees
evidence-nobody = nobody
evidence-leaves = Leaves
evidence-faults = Faults
evidence-open = Opened and matching
evidence-sealed = Sealed and matching
evidence-erased = Erased on request, certified
evidence-expired = Disposed when due, certified
evidence-fault = Fault
evidence-fault-at = Leaf { $leaf }
evidence-good = { $count ->
    [one] The only leaf is as it was recorded.
   *[other] All { $n } leaves are as they were recorded.
}
evidence-bad = { $count ->
    [one] One thing is not as it was recorded.
   *[other] { $n } things are not as they were recorded.
}
evidence-verified-at = Verified { $when }.
evidence-verified-title = Verified
evidence-records = { $count ->
    [one] 1 record
   *[other] { $n } records
}
evidence-in-tree = in the tree
evidence-waits = waits
evidence-too-large = This tree has more than 200,000 leaves, too many to verify while a page waits. Run “probity verify” on the server.
evidence-find-help = No such record. Write its number (rec_ and what follows) or the whole e-mail address of a person.
evidence-bundle-proves = This page shows what was recorded. The bundle proves it, without this house.
evidence-exports = Bundles taken

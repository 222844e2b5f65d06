//! Records, their versions, facets and links; events.

use store::args;

use super::{Case, done, flip, run, swap};

pub const ADA: &str = "id = (SELECT id FROM record WHERE version = 4)";
pub const OLD: &str = "version = 2 AND record = (SELECT id FROM record WHERE version = 4)";
pub const PERSON: &str = "id = (SELECT id FROM record WHERE kind = 'person' AND version = 1 ORDER BY id LIMIT 1)";
pub const NOTE: &str = "id = (SELECT id FROM record WHERE kind = 'note' ORDER BY id LIMIT 1)";
pub const PLAIN_EVENT: &str = "id = (SELECT id FROM event WHERE stream IS NULL ORDER BY id LIMIT 1)";
pub const READ_3: &str = "seq = 3 AND stream = (SELECT id FROM stream WHERE seq = 8)";

pub const CHANGES: &[Case] = &[
    // consent
    ("a consent becomes a refusal", "is not what its event says", |tx| run(tx, "UPDATE consent SET act = 'refused'")),
    ("a consent becomes one to another use", "is not what its event says", |tx| run(tx, "UPDATE consent SET purpose = 'sales'")),
    ("a consent is backdated", "is not what its event says", |tx| run(tx, "UPDATE consent SET at = at - 1")),
    ("a consent was to other words", "is not what its event says", |tx| run(tx, "UPDATE consent SET notice_version = 2")),
    ("a consent becomes somebody else's", "is not what its event says", |tx| {
        run(tx, &format!("UPDATE consent SET person = (SELECT id FROM record WHERE {PERSON})"))
    }),
    ("a consent is deleted", "its entry is not there", |tx| run(tx, "DELETE FROM consent")),
    ("a consent is put there by hand", "no event witnesses this entry", |tx| {
        done(tx.run("UPDATE consent SET unit = ?1", &args![[7u8; 16]]))
    }),
    ("a use is opened by hand", "open, and nothing they said opens it", |tx| {
        run(tx, &format!("UPDATE record SET usable = usable | 16 WHERE {PERSON}"))
    }),
    ("a use is closed by hand", "closed, and nothing they said closes it", |tx| {
        run(tx, &format!("UPDATE record SET usable = usable & 61 WHERE {PERSON}"))
    }),
    // record
    ("a record's box is changed", "the stored box is not the one", |tx| flip(tx, "record", "sealed", ADA)),
    ("a record's box is emptied", "its body is not there", |tx| {
        done(tx.run(&format!("UPDATE record SET sealed = ?1 WHERE {ADA}"), &args![Vec::<u8>::new()]))
    }),
    ("two records' boxes are exchanged", "the stored box is not the one", |tx| swap(tx, "record", "id", "sealed", "kind = 'note'")),
    ("an open field is changed", "its kind, open fields", |tx| {
        run(tx, &format!("UPDATE record SET open = replace(open, 'lead', 'customer') WHERE {ADA}"))
    }),
    ("an open field is added", "its kind, open fields", |tx| {
        run(tx, &format!("UPDATE record SET open = replace(open, '}}', ',\"zzz\":1}}') WHERE {ADA}"))
    }),
    ("the open fields do not read", "its kind, open fields", |tx| run(tx, &format!("UPDATE record SET open = 'x' WHERE {ADA}"))),
    ("a record becomes one of another kind", "its kind, open fields", |tx| {
        run(tx, &format!("UPDATE record SET kind = 'task' WHERE {NOTE}"))
    }),
    ("a record becomes one of no kind", "its kind", |tx| run(tx, &format!("UPDATE record SET kind = 'nothing' WHERE {NOTE}"))),
    ("a record gets another owner", "the column owner", |tx| {
        done(tx.run(&format!("UPDATE record SET owner = ?1 WHERE {ADA}"), &args![[7u8; 16]]))
    }),
    ("a record gets another team", "the column team", |tx| {
        done(tx.run(&format!("UPDATE record SET team = ?1 WHERE {ADA}"), &args![[7u8; 16]]))
    }),
    ("a record gets another legal order", "the column law", |tx| run(tx, &format!("UPDATE record SET law = 'US' WHERE {ADA}"))),
    ("a record's creation is backdated", "the column created", |tx| {
        run(tx, &format!("UPDATE record SET created = created - 1 WHERE {ADA}"))
    }),
    ("a record's capture is backdated", "the time of its capture", |tx| {
        run(tx, &format!("UPDATE record SET captured = captured - 1 WHERE {ADA}"))
    }),
    ("a version is backdated", "the time of version 4", |tx| run(tx, &format!("UPDATE record SET updated = updated - 1 WHERE {ADA}"))),
    ("a record's version is set back", "the row is at version 3", |tx| run(tx, &format!("UPDATE record SET version = 3 WHERE {ADA}"))),
    ("a record's version is set forward", "the row is at version 5", |tx| run(tx, &format!("UPDATE record SET version = 5 WHERE {ADA}"))),
    ("a record names another leaf", "names another leaf", |tx| flip(tx, "record", "leaf", ADA)),
    ("a record names another's key", "does not open as this version", |tx| {
        run(tx, &format!("UPDATE record SET vault_key = (SELECT vault_key FROM record WHERE {PERSON}) WHERE {ADA}"))
    }),
    ("a record names no key of the vault", "its key is not in the vault", |tx| {
        done(tx.run(&format!("UPDATE record SET vault_key = ?1 WHERE {ADA}"), &args![[9u8; 16]]))
    }),
    ("a record's state is made up", "its state is none", |tx| run(tx, &format!("UPDATE record SET state = 'hidden' WHERE {ADA}"))),
    ("a record is deleted", "its body is not there", |tx| run(tx, &format!("DELETE FROM record WHERE {PERSON}"))),
    ("a record is put there by hand", "no leaf witnesses it", |tx| {
        done(tx.run(
            &format!(
                "INSERT INTO record SELECT ?1, ?2, kind, owner, team, class, usable, state, version, created, captured, updated, decide_after, \
                 kept_until, law, facts, vault_key, leaf, open, sealed FROM record WHERE {PERSON}"
            ),
            &args![[5u8; 16], 5_i64],
        ))
    }),
    ("a record gets another id", "its body is not there", |tx| {
        done(tx.run(&format!("UPDATE record SET id = ?1 WHERE {PERSON}"), &args![[5u8; 16]]))
    }),
    ("an old row is put back", "the row is at version 2", |tx| {
        run(
            tx,
            &format!(
                "UPDATE record SET (version, updated, vault_key, leaf, open, sealed) = (SELECT v.version, v.updated, v.vault_key, v.leaf, v.open, v.sealed \
                 FROM record_version v WHERE v.record = record.id AND v.version = 2) WHERE {ADA}"
            ),
        )?;
        run(tx, "DELETE FROM record_version WHERE version >= 2")
    }),
    // record_version
    ("an earlier version's box is changed", "the stored box is not the one", |tx| flip(tx, "record_version", "sealed", OLD)),
    ("an earlier version's open fields are changed", "its kind, open fields", |tx| {
        run(tx, &format!("UPDATE record_version SET open = '{{}}' WHERE {OLD}"))
    }),
    ("an earlier version is backdated", "the time of the version", |tx| {
        run(tx, &format!("UPDATE record_version SET updated = updated - 1 WHERE {OLD}"))
    }),
    ("an earlier version names another leaf", "names no leaf of that version", |tx| flip(tx, "record_version", "leaf", OLD)),
    ("an earlier version names another key", "its key is not in the vault", |tx| {
        done(tx.run(&format!("UPDATE record_version SET vault_key = ?1 WHERE {OLD}"), &args![[9u8; 16]]))
    }),
    ("an earlier version is deleted", "its body is not there", |tx| run(tx, &format!("DELETE FROM record_version WHERE {OLD}"))),
    ("an earlier version is moved to another record", "its body is not there", |tx| {
        run(tx, &format!("UPDATE record_version SET record = (SELECT id FROM record WHERE {PERSON}) WHERE {OLD}"))
    }),
    ("an earlier version is put there by hand", "an earlier version 9 is stored", |tx| {
        run(
            tx,
            &format!("INSERT INTO record_version SELECT record, 9, updated, vault_key, leaf, open, sealed FROM record_version WHERE {OLD}"),
        )
    }),
    ("two versions are exchanged", "the stored box is not the one", |tx| {
        run(tx, "UPDATE record_version SET version = 90 WHERE version = 1")?;
        run(tx, "UPDATE record_version SET version = 1 WHERE version = 2")?;
        run(tx, "UPDATE record_version SET version = 2 WHERE version = 90")
    }),
    ("versions of a record that is not there", "the record is not there", |tx| {
        done(tx.run(&format!("UPDATE record_version SET record = ?1 WHERE {OLD}"), &args![[3u8; 16]]))
    }),
    // what lists sort and filter by
    ("a facet is changed", "its facets", |tx| {
        run(tx, "UPDATE record_facet SET t = 'customer' WHERE record = (SELECT id FROM record WHERE version = 4) AND t = 'lead'")
    }),
    ("a facet is deleted", "its facets", |tx| run(tx, "DELETE FROM record_facet WHERE record = (SELECT id FROM record WHERE version = 4)")),
    ("a link is deleted", "its links", |tx| run(tx, "DELETE FROM link WHERE from_id = (SELECT id FROM record WHERE version = 4)")),
    ("a link is put there by hand", "its links", |tx| {
        run(tx, &format!("INSERT INTO link SELECT id, 'friend', id FROM record WHERE {ADA}"))
    }),
    // event
    ("an event's box is changed", "the stored events of the batch", |tx| flip(tx, "event", "sealed", PLAIN_EVENT)),
    ("an event is deleted", "is not there", |tx| run(tx, &format!("DELETE FROM event WHERE {PLAIN_EVENT}"))),
    ("an event is given to another actor", "its columns", |tx| run(tx, &format!("UPDATE event SET actor = 'system' WHERE {PLAIN_EVENT}"))),
    ("an event is renamed", "its columns", |tx| run(tx, &format!("UPDATE event SET name = 'record.read' WHERE {PLAIN_EVENT}"))),
    ("an event is backdated", "its columns", |tx| run(tx, &format!("UPDATE event SET at = at - 1 WHERE {PLAIN_EVENT}"))),
    ("an event names another day's key", "the key of its day", |tx| {
        done(tx.run(&format!("UPDATE event SET day_key = ?1 WHERE {PLAIN_EVENT}"), &args![[9u8; 16]]))
    }),
    ("an event is put there by hand", "no leaf witnesses it", |tx| {
        done(tx.run(
            &format!("INSERT INTO event SELECT ?1, at, name, actor, stream, seq, chain, day_key, sealed FROM event WHERE {PLAIN_EVENT}"),
            &args![[4u8; 16]],
        ))
    }),
    ("two events' boxes are exchanged", "does not open as this event", |tx| swap(tx, "event", "id", "sealed", "stream IS NULL")),
];

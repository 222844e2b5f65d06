//! Streams of read events, leaves, tiles, the head, checkpoints.

use kernel::Result;
use store::{Tx, args};

use super::{Case, done, flip, rows::READ_3, run};

pub const CHANGES: &[Case] = &[
    // streams of read events
    ("a read event in the middle is changed", "does not open as this event", |tx| flip(tx, "event", "sealed", READ_3)),
    ("a read event in the middle is deleted", "has no event 3", |tx| run(tx, &format!("DELETE FROM event WHERE {READ_3}"))),
    ("a read event is given to another actor", "its columns", |tx| run(tx, &format!("UPDATE event SET actor = 'system' WHERE {READ_3}"))),
    ("a read event is backdated", "its columns", |tx| run(tx, &format!("UPDATE event SET at = at - 1 WHERE {READ_3}"))),
    ("a read event's link is changed", "does not chain", |tx| flip(tx, "event", "chain", READ_3)),
    ("a read event loses its place", "has no event 3", |tx| run(tx, &format!("UPDATE event SET stream = NULL, seq = NULL WHERE {READ_3}"))),
    ("two read events are reordered", "does not chain", |tx| {
        run(tx, "UPDATE event SET seq = 90 WHERE seq = 3 AND stream = (SELECT id FROM stream WHERE seq = 8)")?;
        run(tx, "UPDATE event SET seq = 3 WHERE seq = 4 AND stream = (SELECT id FROM stream WHERE seq = 8)")?;
        run(tx, "UPDATE event SET seq = 4 WHERE seq = 90")
    }),
    ("the last read event is deleted", "its last read events were deleted", |tx| run(tx, "DELETE FROM event WHERE seq = 8")),
    ("the last read event is deleted, and the stream says so", "its end was cut off", |tx| {
        run(tx, "DELETE FROM event WHERE seq = 8")?;
        run(
            tx,
            "UPDATE stream SET chain = (SELECT chain FROM event WHERE seq = 7 AND stream = stream.id), seq = 7, leafed = 7 WHERE seq = 8",
        )
    }),
    ("a read event is appended by hand", "has events after its end", |tx| {
        done(tx.run(
            &format!("INSERT INTO event SELECT ?1, at, name, actor, stream, 9, chain, day_key, sealed FROM event WHERE {READ_3}"),
            &args![[4u8; 16]],
        ))
    }),
    ("a stream's end is changed", "not the one stored with the stream", |tx| flip(tx, "stream", "chain", "seq = 8")),
    ("a stream is deleted", "it was deleted", |tx| run(tx, "DELETE FROM stream WHERE seq = 8")),
    ("a stream opens later than it did", "its row was changed", |tx| {
        run(tx, "UPDATE stream SET opened = opened + 86400000000 WHERE seq = 8")
    }),
    ("a stream and all its events are deleted", "the stream they cover is not there", |tx| {
        run(tx, "DELETE FROM event WHERE stream = (SELECT id FROM stream WHERE seq = 8)")?;
        run(tx, "DELETE FROM stream WHERE seq = 8")
    }),
    // leaf
    ("a leaf is changed", "do not lead to the root", |tx| flip(tx, "leaf", "data", "idx = 3")),
    ("a leaf is changed with its hash", "does not follow from the leaves", |tx| {
        flip(tx, "leaf", "data", "idx = 3")?;
        let data: Vec<u8> = tx.one("SELECT data FROM leaf WHERE idx = 3", &[], |row| row.get(0))?;
        done(tx.run("UPDATE leaf SET hash = ?1 WHERE idx = 3", &args![ledger::leaf_hash(&data)]))
    }),
    ("a leaf's hash is changed", "not the hash of its data", |tx| flip(tx, "leaf", "hash", "idx = 3")),
    ("a leaf is deleted", "no leaf at this index", |tx| run(tx, "DELETE FROM leaf WHERE idx = 3")),
    ("the last leaf is deleted", "no leaf at this index", |tx| run(tx, "DELETE FROM leaf WHERE idx = (SELECT MAX(idx) FROM leaf)")),
    ("two leaves are exchanged", "do not lead to the root", |tx| {
        run(tx, "UPDATE leaf SET idx = 100000 WHERE idx = 3")?;
        run(tx, "UPDATE leaf SET idx = 3 WHERE idx = 4")?;
        run(tx, "UPDATE leaf SET idx = 4 WHERE idx = 100000")
    }),
    ("a leaf is put after the end by hand", "put there by hand", |tx| {
        run(tx, "INSERT INTO leaf SELECT idx + 100000, hash, data, unit, record, version FROM leaf WHERE idx = 3")
    }),
    ("a leaf names another record", "its body is not there", |tx| {
        done(tx.run("UPDATE leaf SET record = ?1 WHERE idx = 0", &args![[6u8; 16]]))
    }),
    ("a leaf names another version", "its body is not there", |tx| run(tx, "UPDATE leaf SET version = 7 WHERE idx = 0")),
    ("a leaf names another event", "that the leaf belongs to is not there", |tx| {
        done(tx.run("UPDATE leaf SET unit = ?1 WHERE idx = 0", &args![[6u8; 16]]))
    }),
    ("a stream's leaf names another link", "names link 90", |tx| {
        run(tx, "UPDATE leaf SET version = 90 WHERE record = (SELECT id FROM stream WHERE seq = 8) AND version = 8")
    }),
    // tile, tree, checkpoint
    ("a tile is changed", "does not follow from the leaves", |tx| flip(tx, "tile", "hashes", "level = 0 AND idx = 0")),
    ("a tile is deleted", "tile/0/000 is not there", |tx| run(tx, "DELETE FROM tile WHERE level = 0")),
    ("a tile is put there by hand", "full tiles are stored", |tx| {
        run(tx, "INSERT INTO tile SELECT 3, 0, hashes FROM tile WHERE level = 0")
    }),
    ("the head's root is changed", "head as stored", |tx| flip(tx, "tree", "root", "id = 1")),
    ("the head's edge is changed", "head as stored", |tx| flip(tx, "tree", "frontier", "id = 1")),
    ("the head is backdated", "head bears another time", |tx| run(tx, "UPDATE tree SET at = at - 1")),
    ("the head is deleted", "head is not there", |tx| run(tx, "DELETE FROM tree")),
    ("a checkpoint is deleted", "it was deleted", |tx| run(tx, "DELETE FROM checkpoint WHERE size = (SELECT MIN(size) FROM checkpoint)")),
    ("the last checkpoint is deleted", "it was deleted", |tx| {
        run(tx, "DELETE FROM checkpoint WHERE size = (SELECT MAX(size) FROM checkpoint)")
    }),
    ("a checkpoint's note is changed", "not signed by this ledger's key", |tx| {
        run(
            tx,
            "UPDATE checkpoint SET note = replace(note, 'test.example', 'Test.example') WHERE size = (SELECT MIN(size) FROM checkpoint)",
        )
    }),
    ("a checkpoint is exchanged for another", "is that of size", |tx| {
        run(
            tx,
            "UPDATE checkpoint SET note = (SELECT c.note FROM checkpoint c ORDER BY c.size DESC LIMIT 1) WHERE size = (SELECT MIN(size) FROM checkpoint)",
        )
    }),
    ("a checkpoint is backdated", "bears another time", |tx| {
        run(tx, "UPDATE checkpoint SET at = at - 1 WHERE size = (SELECT MIN(size) FROM checkpoint)")
    }),
    ("a checkpoint is put there by hand", "stand outside the ledger's head", |tx| {
        run(tx, "INSERT INTO checkpoint SELECT 1000000, at, note FROM checkpoint WHERE size = (SELECT MIN(size) FROM checkpoint)")
    }),
    ("the tail is cut off consistently", "its tail was cut off", cut_off),
];

/// Takes the newest drain away with everything that belongs to it: rows, tree, checkpoints agree with each other afterwards.
fn cut_off(tx: &mut Tx) -> Result<()> {
    let sizes: Vec<u64> = tx.all("SELECT size FROM checkpoint ORDER BY size DESC LIMIT 2", &[], |row| row.get(0))?;
    let (now, before) = (sizes[0], i64::try_from(sizes[1]).unwrap());
    assert!(now > sizes[1]);
    let hashes: Vec<[u8; 32]> = tx.all("SELECT hash FROM leaf WHERE idx < ?1 ORDER BY idx", &args![before], |row| row.get(0))?;
    let mut frontier = ledger::Frontier::new();
    for hash in hashes {
        frontier.push(hash)?;
    }
    run(
        tx,
        "UPDATE record SET version = 1, leaf = (SELECT leaf FROM record_version v WHERE v.record = record.id), open = (SELECT open FROM record_version v WHERE v.record = record.id), \
        sealed = (SELECT sealed FROM record_version v WHERE v.record = record.id), updated = (SELECT updated FROM record_version v WHERE v.record = record.id) WHERE version = 2",
    )?;
    run(tx, "DELETE FROM record_version WHERE record IN (SELECT id FROM record WHERE version = 1)")?;
    done(tx.run("DELETE FROM event WHERE id IN (SELECT unit FROM leaf WHERE idx >= ?1)", &args![before]))?;
    done(tx.run("DELETE FROM leaf WHERE idx >= ?1", &args![before]))?;
    done(tx.run("DELETE FROM checkpoint WHERE size > ?1", &args![before]))?;
    let at: i64 = tx.one("SELECT at FROM checkpoint WHERE size = ?1", &args![before], |row| row.get(0))?;
    done(tx.run("UPDATE tree SET size = ?1, root = ?2, frontier = ?3, at = ?4", &args![before, frontier.root(), frontier.to_bytes(), at]))
}

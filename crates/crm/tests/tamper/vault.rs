//! The vault, and papers put there by hand.

use store::args;

use super::{
    Case, done,
    rows::{ADA, PERSON},
};

pub const CHANGES: &[Case] = &[
    // vault
    ("a key is deleted from the vault", "its key is not in the vault", |tx| {
        let key: Vec<u8> = tx.one(&format!("SELECT vault_key FROM record WHERE {ADA}"), &[], |row| row.get(0))?;
        done(tx.vault().run("DELETE FROM vault_key WHERE id = ?1", &args![key]))
    }),
    ("a key in the vault is changed", "the vault's row does not open", |tx| {
        let key: Vec<u8> = tx.one(&format!("SELECT vault_key FROM record WHERE {ADA}"), &[], |row| row.get(0))?;
        done(tx.vault().run("UPDATE vault_key SET bytes = ?2 WHERE id = ?1", &args![key, vec![1u8; 72]]))
    }),
    ("the key of a day is deleted", "the key of its day", |tx| {
        let key: Vec<u8> = tx.one("SELECT vault_key FROM day_key LIMIT 1", &[], |row| row.get(0))?;
        done(tx.vault().run("DELETE FROM vault_key WHERE id = ?1", &args![key]))
    }),
    ("a tombstone is put there by hand", "names an order that is not there", |tx| {
        done(tx.vault().run("INSERT INTO tombstone (id, at, destroy_order) VALUES (?1, ?2, ?3)", &args![[1u8; 16], 1_i64, [2u8; 16]]))
    }),
    ("a living key gets a tombstone", "has a tombstone and is there", |tx| {
        let key: Vec<u8> = tx.one(&format!("SELECT vault_key FROM record WHERE {ADA}"), &[], |row| row.get(0))?;
        done(tx.vault().run("INSERT INTO tombstone (id, at, destroy_order) VALUES (?1, ?2, ?3)", &args![key, 1_i64, [2u8; 16]]))
    }),
    // orders
    ("an order is put there by hand", "no leaf witnesses it", |tx| {
        done(tx.run(
            "INSERT INTO destroy_order (id, at, state, cause, request, body, leaf) VALUES (?1, 1, 'certified', 'expiry', NULL, ?2, ?3)",
            &args![[2u8; 16], vec![0u8; 8], [3u8; 32]],
        ))
    }),
    ("a certificate is put there by hand", "no leaf witnesses it", |tx| {
        done(tx.run(
            "INSERT INTO certificate (destroy_order, at, body, leaf) VALUES (?1, 1, ?2, ?3)",
            &args![[2u8; 16], vec![0u8; 8], [3u8; 32]],
        ))
    }),
    ("a record is removed as if it had been destroyed", "its body is not there", |tx| {
        done(tx.run(&format!("UPDATE record SET state = 'gone', sealed = ?1, open = '{{}}' WHERE {PERSON}"), &args![Vec::<u8>::new()]))
    }),
];

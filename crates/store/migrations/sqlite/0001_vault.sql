-- The vault: one wrapped key a record, tombstones of destroyed ones, and the sealed journal of protective acts.
CREATE TABLE vault_key (
  id BLOB NOT NULL PRIMARY KEY,
  epoch BIGINT NOT NULL,
  bytes BLOB NOT NULL,
  what TEXT NOT NULL,
  made BIGINT NOT NULL
);
CREATE INDEX vault_key_epoch ON vault_key (epoch);
CREATE TABLE tombstone (
  id BLOB NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  destroy_order BLOB NOT NULL
);
CREATE TABLE journal (
  id BLOB NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  what TEXT NOT NULL,
  sealed BLOB NOT NULL
);

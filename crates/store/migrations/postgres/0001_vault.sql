-- The vault: one wrapped key a record, tombstones of destroyed ones, and the sealed journal of protective acts.
CREATE TABLE vault_key (
  id BYTEA NOT NULL PRIMARY KEY,
  epoch BIGINT NOT NULL,
  bytes BYTEA NOT NULL,
  what TEXT NOT NULL,
  made BIGINT NOT NULL
);
CREATE INDEX vault_key_epoch ON vault_key (epoch);
CREATE TABLE tombstone (
  id BYTEA NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  destroy_order BYTEA NOT NULL
);
CREATE TABLE journal (
  id BYTEA NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  what TEXT NOT NULL,
  sealed BYTEA NOT NULL
);

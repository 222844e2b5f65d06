-- Pairs of records that look alike: ids, how much, by which signs, and the versions that were looked at. Nothing of what they hold.
CREATE TABLE duplicate (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  a BLOB NOT NULL,
  b BLOB NOT NULL,
  a_version BIGINT NOT NULL,
  b_version BIGINT NOT NULL,
  score BIGINT NOT NULL,
  signs TEXT NOT NULL,
  state TEXT NOT NULL,
  found BIGINT NOT NULL,
  actor TEXT NOT NULL
);
CREATE UNIQUE INDEX duplicate_pair ON duplicate (a, b);
CREATE INDEX duplicate_other ON duplicate (b);
CREATE INDEX duplicate_open ON duplicate (state, score, id);
-- What was merged into what, and what moved by it: so that it can be taken back, and so that one person's records are found together.
CREATE TABLE merged (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  survivor BLOB NOT NULL,
  other BLOB NOT NULL,
  root BLOB NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  state TEXT NOT NULL,
  before BIGINT NOT NULL,
  after BIGINT NOT NULL,
  usable BIGINT NOT NULL,
  undone BIGINT
);
CREATE INDEX merged_root ON merged (root) WHERE undone IS NULL;
CREATE INDEX merged_survivor ON merged (survivor);
CREATE UNIQUE INDEX merged_other ON merged (other) WHERE undone IS NULL;
CREATE TABLE merged_link (
  merged BLOB NOT NULL,
  record BLOB NOT NULL,
  before BIGINT NOT NULL,
  after BIGINT NOT NULL,
  PRIMARY KEY (merged, record)
);
CREATE TABLE merged_entry (
  merged BLOB NOT NULL,
  at BIGINT NOT NULL,
  entry BLOB NOT NULL,
  PRIMARY KEY (merged, at, entry)
);

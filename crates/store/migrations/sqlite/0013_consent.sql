-- What people said about the use of their data. Rows are added and never changed; what holds follows from all of them. No word of anybody's
-- is in them: the evidence is a record of its own.
CREATE TABLE consent (
  person BLOB NOT NULL,
  id BLOB NOT NULL,
  purpose TEXT NOT NULL,
  act TEXT NOT NULL,
  at BIGINT NOT NULL,
  recorded BIGINT NOT NULL,
  ends BIGINT,
  channel TEXT NOT NULL,
  notice BLOB,
  notice_version BIGINT,
  evidence BLOB,
  unit BLOB NOT NULL,
  PRIMARY KEY (person, id)
);
CREATE INDEX consent_ends ON consent (ends) WHERE ends IS NOT NULL;
CREATE INDEX consent_unit ON consent (unit);

-- The texts people are shown before they answer: each version as it was, with the hash of its words.
CREATE TABLE privacy_notice (
  id BLOB NOT NULL,
  version BIGINT NOT NULL,
  purpose TEXT NOT NULL,
  language TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  hash BLOB NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (id, version)
);

-- What somebody is told of: of which record, why, by whom. Ids and times alone.
CREATE TABLE notice (
  staff BYTEA NOT NULL,
  id BYTEA NOT NULL,
  at BIGINT NOT NULL,
  what TEXT NOT NULL,
  record BYTEA NOT NULL,
  actor TEXT NOT NULL,
  seen BIGINT,
  PRIMARY KEY (staff, id)
);
CREATE INDEX notice_record ON notice (record);
CREATE INDEX notice_unread ON notice (staff, id) WHERE seen IS NULL;

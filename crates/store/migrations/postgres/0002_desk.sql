-- What a desk asks for: whose records changed last; and the views of lists that people keep.
CREATE INDEX record_owner ON record (owner, kind, updated, id) WHERE owner IS NOT NULL;

-- A view of a list: open is whose it is, of which kind and whether others see it; its name, filter and columns are sealed, for they may name people.
CREATE TABLE saved_view (
  id BYTEA NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  staff BYTEA NOT NULL,
  shared BOOLEAN NOT NULL,
  changed BIGINT NOT NULL,
  vault_key BYTEA NOT NULL,
  sealed BYTEA NOT NULL
);
CREATE INDEX saved_view_staff ON saved_view (staff, kind);
CREATE INDEX saved_view_shared ON saved_view (kind) WHERE shared;
-- The view that somebody's list of a kind begins with.
CREATE TABLE first_view (
  staff BYTEA NOT NULL,
  kind TEXT NOT NULL,
  view BYTEA NOT NULL,
  PRIMARY KEY (staff, kind)
);
CREATE INDEX first_view_view ON first_view (view);

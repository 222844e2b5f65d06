-- Dashboards: whose, who sees them, and a sealed box with name and tiles (a name is anybody's words). Which one stands on somebody's desk.
CREATE TABLE dashboard (
  id BLOB NOT NULL PRIMARY KEY,
  staff BLOB NOT NULL,
  team BLOB,
  shared TEXT NOT NULL,
  version BIGINT NOT NULL,
  updated BIGINT NOT NULL,
  vault_key BLOB NOT NULL,
  sealed BLOB NOT NULL
);
CREATE INDEX dashboard_staff ON dashboard (staff);
CREATE INDEX dashboard_shared ON dashboard (shared);
CREATE TABLE dashboard_home (
  staff BLOB NOT NULL PRIMARY KEY,
  dashboard BLOB NOT NULL
);

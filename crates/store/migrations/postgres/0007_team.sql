-- Teams of colleagues. Who is in one stands with them (staff.team); a name is no personal datum, as that of a role is none.
CREATE TABLE team (
  id BYTEA NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  folded TEXT NOT NULL,
  created BIGINT NOT NULL
);
CREATE UNIQUE INDEX team_folded ON team (folded);

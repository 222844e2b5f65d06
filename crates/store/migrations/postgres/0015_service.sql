-- What is promised for cases, and how it is counted: every version that was in force, since when and by whom. Nothing personal.
CREATE TABLE service_target (
  version BIGINT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  body TEXT NOT NULL
);

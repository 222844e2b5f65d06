-- What an artifact was ordered as, sealed under its own key: a filter may name people.
ALTER TABLE artifact ADD COLUMN detail BLOB;

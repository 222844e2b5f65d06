-- What a desk asks for: whose records changed last.
CREATE INDEX record_owner ON record (owner, kind, updated, id) WHERE owner IS NOT NULL;

-- What one unit of a currency is worth in the house's, from a day on: billionths, and who entered it when.
CREATE TABLE exchange_rate (
  base TEXT NOT NULL,
  currency TEXT NOT NULL,
  day BIGINT NOT NULL,
  nano BIGINT NOT NULL,
  entered BIGINT NOT NULL,
  actor TEXT NOT NULL,
  PRIMARY KEY (base, currency, day)
);

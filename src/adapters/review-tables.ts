// Certified reviews: what each is about, what reviewers found, and the certificate, which is held against its hash in the record.

export const reviewTables = `
  CREATE TABLE reviews (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, period TEXT NOT NULL, until INTEGER NOT NULL, facts TEXT NOT NULL,
    statement TEXT, signed_at INTEGER, overdue_at INTEGER) STRICT;
  CREATE INDEX reviews_by_kind ON reviews (kind, until);
  CREATE TABLE review_items (
    review TEXT NOT NULL, number INTEGER NOT NULL, facts TEXT NOT NULL, disposed TEXT, PRIMARY KEY (review, number)) STRICT;
`;

/** What reviewers typed, sealed, beside what they found. */
export const reviewSeals = 'ALTER TABLE review_items ADD COLUMN sealed TEXT;';

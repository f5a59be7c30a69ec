// Tables of what follows from alerts: who is held, and the cases that reviewers look into.

// Who is held after which alert: names of staff, no patient and no secret. What is lifted or over stays, so that nothing is imposed
// for the same alert again.
export const restrictions = `
  CREATE TABLE restrictions (
    alert INTEGER NOT NULL, kind TEXT NOT NULL, issuer TEXT NOT NULL, sub TEXT NOT NULL, name TEXT NOT NULL,
    detector TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER, lifted_at INTEGER, PRIMARY KEY (alert, kind)) STRICT;
`;

// Cases that reviewers look into. A step counts once it is on record, under that number; its text is sealed, for it may name a
// patient.
export const cases = `
  CREATE TABLE cases (
    id TEXT PRIMARY KEY, opened_at INTEGER NOT NULL, person TEXT, facts TEXT NOT NULL, open INTEGER) STRICT;
  CREATE INDEX cases_by_time ON cases (opened_at);
  CREATE TABLE case_steps (
    id TEXT PRIMARY KEY, case_id TEXT NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, facts TEXT NOT NULL, sealed TEXT,
    record INTEGER) STRICT;
  CREATE INDEX case_steps_by_case ON case_steps (case_id, record);
  CREATE INDEX case_steps_pending ON case_steps (at) WHERE record IS NULL;
  CREATE TABLE case_alerts (
    sequence INTEGER NOT NULL, step TEXT NOT NULL, case_id TEXT NOT NULL, facts TEXT NOT NULL,
    PRIMARY KEY (sequence, step)) STRICT;
  CREATE INDEX case_alerts_by_case ON case_alerts (case_id);
`;

// What several gateways must know together about sign-ons at the EHRs and the patients carried there. One gateway alone keeps it
// in memory.

// A try that nobody knows the end of counts as a failure, and so does the row of one whose gateway broke.
export const ehrTries = `
  CREATE TABLE ehr_tries (
    id TEXT PRIMARY KEY, application TEXT NOT NULL, issuer TEXT NOT NULL, sub TEXT NOT NULL, at INTEGER NOT NULL,
    failed INTEGER NOT NULL) STRICT;
  CREATE INDEX ehr_tries_by_application ON ehr_tries (application, at);
  CREATE TABLE refused_accounts (
    application TEXT NOT NULL, account TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (application, account)) STRICT;
`;

// By a keyed hash of the EHR's session, or of the person where the EHR carries the patient per person.
export const ehrSelections = `
  CREATE TABLE ehr_selections (
    id TEXT PRIMARY KEY, state TEXT NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
`;

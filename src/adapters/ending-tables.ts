// Tables of ends of access and of texts that people acknowledge, one step of the state's schema. Nothing in here is a secret.

/** An end that was begun stays until all of it is done; a text is acknowledged, or put off, in a version and by its very words. */
export const endingTables = `
  CREATE TABLE endings (
    issuer TEXT NOT NULL, sub TEXT NOT NULL, name TEXT NOT NULL, noticed_at INTEGER, begun_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, sub, name)) STRICT;
  CREATE TABLE acknowledgements (
    issuer TEXT NOT NULL, sub TEXT NOT NULL, text TEXT NOT NULL, version TEXT NOT NULL, hash TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (issuer, sub, text, version, hash, at)) STRICT;
  CREATE TABLE acknowledgements_put_off (
    issuer TEXT NOT NULL, sub TEXT NOT NULL, text TEXT NOT NULL, version TEXT NOT NULL, hash TEXT NOT NULL,
    times INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (issuer, sub, text, version, hash)) STRICT;
`;

// Where several gateways remember for minutes what one has in memory, one step of the state's schema. Texts are sealed.

/** Owners and ids are hashes. */
export const shortNotes = `
  CREATE TABLE short_notes (
    kind TEXT NOT NULL, owner TEXT NOT NULL, id TEXT NOT NULL, until INTEGER NOT NULL, sealed TEXT NOT NULL,
    PRIMARY KEY (kind, owner, id)) STRICT;
  CREATE INDEX short_notes_by_end ON short_notes (until);
`;

// The table of the download budgets. Earlier versions made it themselves when they started, which is why it may be there already.

export const downloadBudgets = `
  CREATE TABLE IF NOT EXISTS download_budgets (
    person TEXT PRIMARY KEY, state TEXT NOT NULL, forget_at INTEGER NOT NULL) STRICT;
`;

// The table of the download budgets, and how it is read. Earlier versions made it themselves when they started, which is why it may be there already.

export const downloadBudgets = `
  CREATE TABLE IF NOT EXISTS download_budgets (
    person TEXT PRIMARY KEY, state TEXT NOT NULL, forget_at INTEGER NOT NULL) STRICT;
`;

/** The longest window, a local day with a clock change in it, and a little more: afterwards a row means nothing. */
export const rowLastsMilliseconds = 27 * 3_600_000;

export const selectBudget = 'SELECT state, forget_at FROM download_budgets WHERE person = ? AND forget_at > ?';
export const forgetBudgets = 'DELETE FROM download_budgets WHERE forget_at <= ?';

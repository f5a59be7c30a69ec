// The state as a command beside the gateway sees it, or where none runs: the same lists of statements, each in one
// transaction, on a file that the command opened itself.

import type { DatabaseSync } from 'node:sqlite';
import type { StateDb, Statement, StatementResult } from './state-db.ts';

/** Whatever database is named, it is this one. */
export function stateBeside(database: DatabaseSync): Pick<StateDb, 'run'> {
  const one = ({ sql, params }: Statement): StatementResult => {
    const statement = database.prepare(sql);
    if (statement.columns().length === 0) return { rows: [], changes: Number(statement.run(...params).changes) };
    const rows = statement.all(...params);
    return { rows, changes: rows.length };
  };
  const run = (statements: readonly Statement[]): readonly StatementResult[] => {
    database.exec('BEGIN');
    try {
      const results = statements.map(one);
      database.exec('COMMIT');
      return results;
    } catch (cause) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw cause;
    }
  };
  return { run: (_name, statements) => Promise.resolve().then(() => run(statements)) };
}

// How values come back from PostgreSQL: as from the embedded file, so that a store reads the same rows from both.

import { types } from 'pg';
import type { CustomTypesConfig } from 'pg';

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error('A number of PostgreSQL is too large to be told exactly');
  return value;
}

export const postgresTypes: CustomTypesConfig = {
  getTypeParser: (id, format) => {
    if (format === 'binary') return types.getTypeParser(id, format) as (value: string) => unknown;
    if (id === types.builtins.BOOL) return (text: string) => (text === 't' ? 1 : 0);
    // A sum of whole numbers is a `numeric` there.
    if (id === types.builtins.INT8 || id === types.builtins.NUMERIC) return wholeNumber;
    return types.getTypeParser(id, 'text') as (value: string) => unknown;
  },
};

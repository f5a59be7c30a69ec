// How values come back from PostgreSQL: as from the embedded file, so that a store reads the same rows from both.

import { types } from 'pg';
import type { CustomTypesConfig } from 'pg';

/** Object ids of `bool`, `int8` and `numeric` (a sum of whole numbers): PostgreSQL's catalogue pg_type. */
const bool = 16;
const int8 = 20;
const numeric = 1700;

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error('A number of PostgreSQL is too large to be told exactly');
  return value;
}

export const postgresTypes: CustomTypesConfig = {
  getTypeParser: (id, format) => {
    if (format === 'binary') return types.getTypeParser(id, format) as (value: string) => unknown;
    const type = Number(id);
    if (type === bool) return (text: string) => (text === 't' ? 1 : 0);
    if (type === int8 || type === numeric) return wholeNumber;
    return types.getTypeParser(id, 'text') as (value: string) => unknown;
  },
};

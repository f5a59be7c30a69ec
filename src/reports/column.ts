// A column of a table, in one line.

import type { Column, ColumnType } from '../core/report/report.ts';

export function column(key: string, title: string, type: ColumnType = 'text'): Column {
  return { key, title, type };
}

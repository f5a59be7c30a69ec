// A table of events, one row each: when, who, what happened, and what its record says.

import type { Section } from '../core/report/report.ts';
import { column } from './column.ts';
import type { ListedRequests } from './listed-requests.ts';

export function eventSection(key: string, title: string, notes: readonly string[], { requests, total }: ListedRequests): Section {
  return {
    key,
    title,
    notes,
    columns: [
      column('record', 'Record', 'record'),
      column('time', 'Time', 'time'),
      column('event', 'What'),
      column('person', 'Person', 'person'),
      column('roles', 'Roles'),
      column('said', 'What the record says'),
    ],
    rows: requests.map(({ sequence, time, event, person, roles, decision, reason, detail }) => ({
      record: sequence,
      time,
      event: event.replaceAll('-', ' '),
      person,
      roles,
      said: [decision === 'refused' ? decision : null, reason, detail].filter((word) => word !== null).join(': ') || null,
    })),
    total,
  };
}

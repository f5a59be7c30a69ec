// The addresses of the console. Who may open them is a rule like any other: `area: wardgate.console`.

import type { OwnRoute } from '../pages/own-route.ts';

export const consoleRoutes: readonly OwnRoute[] = [
  { path: '/.wardgate/console', reach: 'console', methods: ['GET'] },
  { path: '/.wardgate/console/overview', reach: 'console', methods: ['GET'] },
  // A part of a look that is on record, every second: before the record, and judged by the page itself.
  { path: '/.wardgate/console/overview/live', reach: 'session', methods: ['GET'] },
  { path: '/.wardgate/console/people', reach: 'console', methods: ['GET'] },
  { path: '/.wardgate/console/people/person', reach: 'console', methods: ['GET'] },
  { path: '/.wardgate/console/what-if', reach: 'console', methods: ['GET'] },
  { path: '/.wardgate/console/health', reach: 'console', methods: ['GET'] },
  { path: '/.wardgate/console/rules', reach: 'console', methods: ['GET'] },
  { path: '/.wardgate/console/recertification', reach: 'console', methods: ['GET', 'POST'] },
  { path: '/.wardgate/console/recertification/sign', reach: 'console', methods: ['GET', 'POST'] },
  { path: '/.wardgate/console/review', reach: 'console', methods: ['GET', 'POST'] },
  { path: '/.wardgate/console/review/case', reach: 'console', methods: ['GET', 'POST'] },
  { path: '/.wardgate/console/review/export', reach: 'console', methods: ['GET'] },
  { path: '/.wardgate/console/review/precision', reach: 'console', methods: ['GET'] },
  { path: '/.wardgate/console/review/certified', reach: 'console', methods: ['GET', 'POST'], below: true },
  { path: '/.wardgate/console/sessions', reach: 'console', methods: ['GET', 'POST'] },
  { path: '/.wardgate/console/review/responses', reach: 'console', methods: ['GET', 'POST'] },
  { path: '/.wardgate/console/people/end', reach: 'console', methods: ['GET', 'POST'] },
  { path: '/.wardgate/console/reports', reach: 'console', methods: ['GET'], below: true },
  { path: '/.wardgate/console/disclosures', reach: 'console', methods: ['GET', 'POST'] },
];

// The addresses of the console. Who may open them is a rule like any other: `area: wardgate.console`.

import type { OwnRoute } from '../pages/own-route.ts';

export const consoleRoutes: readonly OwnRoute[] = [
  { path: '/.wardgate/console', reach: 'console', methods: ['GET'] },
  { path: '/.wardgate/console/rules', reach: 'console', methods: ['GET'] },
  { path: '/.wardgate/console/recertification', reach: 'console', methods: ['GET', 'POST'] },
  { path: '/.wardgate/console/recertification/sign', reach: 'console', methods: ['GET', 'POST'] },
  { path: '/.wardgate/console/review/certified', reach: 'console', methods: ['GET', 'POST'], below: true },
  { path: '/.wardgate/console/sessions', reach: 'console', methods: ['GET', 'POST'] },
  { path: '/.wardgate/console/review/responses', reach: 'console', methods: ['GET', 'POST'] },
  { path: '/.wardgate/console/reports', reach: 'console', methods: ['GET'], below: true },
  { path: '/.wardgate/console/disclosures', reach: 'console', methods: ['GET', 'POST'] },
];

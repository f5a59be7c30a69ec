// The EHR needs no sign-on of its own, or people do it themselves.

import type { EhrSignOn } from '../ports.ts';

const nothing: readonly string[] = [];

export const signOnNone: EhrSignOn = { headersFor: () => nothing };

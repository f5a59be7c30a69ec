// Every address of the sign-in below the reserved prefix, with the methods it takes and whom it serves.

import type { OwnRoute } from '../pages/own-route.ts';

const get = ['GET'] as const;
const post = ['POST'] as const;
const both = ['GET', 'POST'] as const;

export const signInRoutes: readonly OwnRoute[] = [
  { path: '/.wardgate/assets', reach: 'public', methods: get, below: true },
  { path: '/.wardgate/sign-in', reach: 'public', methods: get },
  { path: '/.wardgate/emergency-sign-in', reach: 'public', methods: both },
  { path: '/.wardgate/callback', reach: 'public', methods: get },
  { path: '/.wardgate/join', reach: 'public', methods: get },
  { path: '/.wardgate/joined', reach: 'public', methods: get },
  { path: '/.wardgate/backchannel-logout', reach: 'public', methods: ['POST'] },
  { path: '/.wardgate/frontchannel-logout', reach: 'public', methods: get },
  { path: '/.wardgate/second-factor', reach: 'public', methods: both },
  { path: '/.wardgate/second-factor/options', reach: 'public', methods: post },
  { path: '/.wardgate/enrol/options', reach: 'public', methods: post },
  { path: '/.wardgate/enrol', reach: 'public', methods: both },
  { path: '/.wardgate/take-over', reach: 'public', methods: both },
  { path: '/.wardgate/switch', reach: 'public', methods: both },
  { path: '/.wardgate/sign-out', reach: 'public', methods: both },
  { path: '/.wardgate/signed-out', reach: 'public', methods: get },
  { path: '/.wardgate/keys', reach: 'public', methods: get },
  { path: '/.wardgate/leave-frame', reach: 'public', methods: get },
  { path: '/.wardgate/unlocked', reach: 'public', methods: get },
  { path: '/.wardgate/activity', reach: 'lock', methods: both },
  { path: '/.wardgate/draft', reach: 'lock', methods: post },
  { path: '/.wardgate/unlock', reach: 'lock', methods: both },
  { path: '/.wardgate/unlock/options', reach: 'lock', methods: post },
  { path: '/.wardgate/me', reach: 'session', methods: get },
  { path: '/.wardgate/sessions', reach: 'session', methods: both },
  { path: '/.wardgate/step-up', reach: 'session', methods: both },
  { path: '/.wardgate/step-up/options', reach: 'session', methods: post },
  { path: '/.wardgate/step-up/confirm', reach: 'session', methods: post },
  { path: '/.wardgate/factors', reach: 'session', methods: both },
  { path: '/.wardgate/notices', reach: 'session', methods: both },
  { path: '/.wardgate/factors/options', reach: 'session', methods: post },
  { path: '/.wardgate/device', reach: 'session', methods: both },
  { path: '/.wardgate/acknowledge', reach: 'session', methods: both },
  { path: '/.wardgate/question', reach: 'session', methods: both },
  { path: '/.wardgate/emergency', reach: 'session', methods: both },
  { path: '/.wardgate/credential', reach: 'session', methods: both },
  { path: '/.wardgate/held', reach: 'session', methods: both },
  { path: '/.wardgate/ask-access', reach: 'session', methods: post },
  { path: '/.wardgate/disclosure', reach: 'session', methods: both },
  { path: '/.wardgate/more-downloads', reach: 'session', methods: both },
];

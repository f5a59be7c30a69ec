// GET /.wardgate/console/what-if: the rules in force, one row each, and what they would decide about a request that nobody has
// made, with the reason of each rule. Read only; the answer comes from the functions that decide.

import type { RequestHandler } from 'express';
import type { ClinicSettings } from '../config/settings.ts';
import type { RulesInForce, WhatIf } from '../console-ports.ts';
import type { OwnPageContext } from '../ports.ts';
import { oneField } from './one-field.ts';
import { sendPage } from './send-page.ts';
import { whatIfPage } from './what-if-page.ts';

export const whatIfPath = '/.wardgate/console/what-if';

export interface WhatIfRouteNeeds {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help'> & Partial<Pick<ClinicSettings, 'logo'>>;
  readonly rulesInForce: RulesInForce;
}

export function showWhatIf({ clinic, rulesInForce }: WhatIfRouteNeeds): RequestHandler {
  return (_req, res) => {
    const { query } = (res.locals['own'] as OwnPageContext).target;
    const one = (name: string): string => oneField(query, name);
    const asked: WhatIf = {
      role: one('role'),
      method: one('method') || 'GET',
      path: one('path'),
      application: one('application') || (rulesInForce.applications[0] ?? ''),
    };
    const answer = asked.role === '' && asked.path === '' ? null : rulesInForce.whatIf(asked);
    const status = answer !== null && 'problem' in answer ? 400 : 200;
    const { applications } = rulesInForce;
    sendPage(res, whatIfPage({ clinic, policy: rulesInForce.policy(), applications, asked, answer }), status);
  };
}

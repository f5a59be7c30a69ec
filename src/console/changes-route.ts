// GET /.wardgate/console/rules: every change of the rules and of gateway.yaml, who made it and why, what it changed. Read only.

import type { RequestHandler } from 'express';
import type { ChangeHistory } from '../change-ports.ts';
import type { ClinicSettings } from '../config/settings.ts';
import { fieldOf, readQuery } from '../core/policy/fields.ts';
import { lineDiff } from '../core/text/line-diff.ts';
import { contentSecurityPolicy } from '../pages/content-security-policy.ts';
import type { OwnPageContext } from '../ports.ts';
import { changesPage } from './changes-page.ts';
import type { ShownChange } from './changes-page.ts';

export interface ChangesRouteNeeds {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'> & Partial<Pick<ClinicSettings, 'logo'>>;
  readonly changes: ChangeHistory;
}

/** Changes on one page. */
const shown = 50;

export function showChanges({ clinic, changes }: ChangesRouteNeeds): RequestHandler {
  return (_req, res) => {
    const { target } = res.locals['own'] as OwnPageContext;
    const fields = readQuery(target.query, 'java');
    const one = (name: string): string => {
      const reading = fieldOf(fields, name, 'java');
      return reading.kind === 'one' ? reading.value : '';
    };
    const of = one('of') === 'settings' ? 'settings' : 'rules';
    const all = changes.changes(of);
    const before = Number(one('before')) || Infinity;
    const rest = all.changes.filter(({ sequence }) => sequence < before);
    const page = rest.slice(0, shown);
    const chosen = all.changes.find(({ sequence }) => String(sequence) === one('change'));
    res.setHeader('Content-Security-Policy', contentSecurityPolicy());
    res.type('html').send(
      changesPage({
        clinic,
        of,
        changes: page,
        older: rest.length > page.length ? (page.at(-1)?.sequence ?? null) : null,
        unreadable: all.unreadable,
        chosen: chosen === undefined ? null : withLines(changes, chosen),
      }),
    );
  };
}

/** The lines that a change took and brought; null where one of the two texts is not kept. */
function withLines(changes: ChangeHistory, change: Omit<ShownChange, 'lines'>): ShownChange {
  const after = changes.text(change.of, change.version);
  const before = change.previous === null ? null : changes.text(change.of, change.previous);
  return { ...change, lines: after === null || before === null ? null : lineDiff(before, after) };
}

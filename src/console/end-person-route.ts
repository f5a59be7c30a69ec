// GET and POST /.wardgate/console/people/end: ends all of somebody's access. Judged by the rule for the console and recorded like
// it before this is reached; only a form of this page ends anything, and its reason is on record first.

import { urlencoded } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import type { ClinicSettings } from '../config/settings.ts';
import type { EndDesk } from '../ending-ports.ts';
import { contentSecurityPolicy } from '../pages/content-security-policy.ts';
import type { OwnPageContext } from '../ports.ts';
import { endPersonPage, endPersonProblems } from './end-person-page.ts';
import type { EndPersonPageParts, RefusedEnd } from './end-person-page.ts';
import { isOwnForm } from './own-form.ts';

export interface EndPersonRouteNeeds {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'>;
  readonly endDesk: EndDesk;
  /** The public origin of an application. */
  readonly originOf: (application: string) => string;
}

export function showEndPerson(needs: EndPersonRouteNeeds): RequestHandler {
  return async (_req, res) => {
    const { target } = res.locals['own'] as OwnPageContext;
    const asked = (new URLSearchParams(target.query ?? '').get('person') ?? '').trim().slice(0, 200);
    send(needs, res, asked, asked === '' ? { is: 'nothing' } : await shows(needs, asked, null));
  };
}

export function postEndPerson(needs: EndPersonRouteNeeds): readonly RequestHandler[] {
  const form = urlencoded({ extended: false, inflate: false, limit: 4096, parameterLimit: 6 });
  return [form, async (req, res) => end(needs, req, res)];
}

async function end(needs: EndPersonRouteNeeds, req: Request, res: Response): Promise<void> {
  const context = res.locals['own'] as OwnPageContext;
  if (!isOwnForm(req, needs.originOf(context.application))) {
    res.status(403).type('text').send('This form must be sent from the console');
    return;
  }
  const asked = fieldOf(req, 'person');
  const because = fieldOf(req, 'because');
  const notice = fieldOf(req, 'notice');
  const found = await needs.endDesk.look(asked);
  const own = context.session?.subject ?? null;
  const isSelf = found.found === 'one' && own !== null && own.issuer === found.issuer && own.sub === found.person.sub;
  const problem = isSelf ? endPersonProblems.self : because.length < 3 ? endPersonProblems.why : null;
  const refused = (why: string): RefusedEnd => ({ problem: why, notice, because });
  if (problem !== null) return send(needs, res, asked, await shows(needs, asked, refused(problem)), 400);
  if (found.found !== 'one') return send(needs, res, asked, await shows(needs, asked, null), 400);
  const { requestId: request, address, agent, application } = context;
  const ended = await needs.endDesk.end({
    asked,
    sub: fieldOf(req, 'sub'),
    notice,
    because,
    by: own?.name ?? '',
    where: { request, address, agent, application },
  });
  if (typeof ended === 'string') send(needs, res, asked, await shows(needs, asked, refused(ended)), 409);
  else send(needs, res, '', { is: 'ended', ended });
}

async function shows(
  { endDesk }: EndPersonRouteNeeds,
  asked: string,
  refused: RefusedEnd | null,
): Promise<EndPersonPageParts['shows']> {
  const found = await endDesk.look(asked);
  if (found.found !== 'one') return { is: 'candidates', why: found.why, candidates: found.candidates };
  const { person: candidate, sessions, hasLeft } = found;
  return { is: 'person', person: { candidate, named: asked, sessions, hasLeft }, refused };
}

function fieldOf(req: Request, name: string): string {
  const value = ((req.body ?? {}) as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value.trim().slice(0, 300) : '';
}

function send(
  { clinic }: EndPersonRouteNeeds,
  res: Response,
  asked: string,
  shown: EndPersonPageParts['shows'],
  status = 200,
): void {
  res.setHeader('Content-Security-Policy', contentSecurityPolicy());
  res
    .status(status)
    .type('html')
    .send(endPersonPage({ clinic, asked, shows: shown }));
}

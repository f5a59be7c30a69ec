// Puts every page of the console into one frame, whichever part made it: the ways that this reader's rules allow stand above
// it. A file that is handed out stays as it is.

import type { RequestHandler } from 'express';
import type { RulesInForce } from '../console-ports.ts';
import type { OwnRoute } from '../pages/own-route.ts';
import { servesPath } from '../pages/own-route.ts';
import type { OwnPageContext } from '../ports.ts';
import { consoleWays, withNavigation, withTimezone } from './console-navigation.ts';

/** `routes` are those that are served at all, `timezone` that of the times on all pages. */
export function consoleFrame(
  rules: Pick<RulesInForce, 'mayOpen'>,
  routes: readonly OwnRoute[],
  timezone: string,
): RequestHandler {
  const served = consoleWays.filter(({ path }) => routes.some((route) => servesPath(route, path)));
  return (_req, res, next) => {
    const { session, zones, target } = res.locals['own'] as OwnPageContext;
    const send = res.send.bind(res);
    res.send = (body?: unknown) => {
      const isPage = typeof body === 'string' && session !== null && !res.hasHeader('Content-Disposition');
      if (!isPage || !String(res.getHeader('Content-Type')).startsWith('text/html')) return send(body);
      const ways = served.filter(({ path }) => rules.mayOpen(session, zones, path));
      return send(withNavigation(withTimezone(body, timezone), ways, target.path));
    };
    next();
  };
}

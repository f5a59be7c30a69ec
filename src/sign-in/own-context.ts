// What a page of ours knows about the request it serves: handed over by the edge, never read from headers.

import type { Response } from 'express';
import type { ApplicationSettings } from '../config/settings.ts';
import type { OwnPageContext } from '../ports.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** The edge's facts, with the application they name. */
export interface OwnContext extends OwnPageContext {
  readonly settings: ApplicationSettings;
}

/** Throws where a route is mounted outside `http/own-pages.ts`, which puts the context there. */
export function ownContext(needs: Pick<SignInNeeds, 'settings'>, res: Response): OwnContext {
  const context = res.locals['own'] as OwnPageContext | undefined;
  if (context === undefined) throw new Error('An own page was served without its context');
  const settings = needs.settings.applications.get(context.application);
  if (settings === undefined) throw new Error(`There is no application "${context.application}"`);
  return { ...context, settings };
}

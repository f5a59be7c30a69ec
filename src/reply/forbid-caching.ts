// Charts stay out of caches, whatever the EHR says (ASVS V14.3.2; cache deception). Rules of the category `static` keep
// the EHR's lifetimes, for this browser only.

import { headerOf } from '../core/raw-headers.ts';
import type { ReplyStep } from './reply-step.ts';
import { filterHeaders } from './reply-step.ts';

export function forbidCaching(): ReplyStep {
  return ({ category }, reply) => {
    const lifetime = /(?:^|[\s,])max-age=(\d{1,9})/i.exec(headerOf(reply.headers, 'cache-control') ?? '')?.[1];
    const isStatic = category === 'static';
    filterHeaders(
      reply,
      (name) => name !== 'cache-control' && name !== 'pragma' && name !== 'age' && (isStatic || name !== 'expires'),
    );
    reply.headers.push('cache-control', isStatic ? privateFor(lifetime) : 'no-store');
  };
}

function privateFor(lifetime: string | undefined): string {
  return lifetime === undefined ? 'private, no-cache' : `private, max-age=${lifetime}`;
}

// Reads by which name the EHR is asked: the public one, its own, or one that is written out.

import { didYouMean } from './did-you-mean.ts';
import type { Read } from './quantity.ts';
import type { ApplicationSettings } from './settings.ts';

type HostHeader = ApplicationSettings['hostHeader'];

const words = ['external', 'upstream'];
/** A name or an address, with or without port; RFC 9110 section 7.2. */
const hostName = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

export function readHostHeader(text: string): Read<HostHeader> {
  if (text === 'external' || text === 'upstream') return { value: text };
  const meant = /[.:]/.test(text) ? undefined : didYouMean(text, words);
  if (meant !== undefined) return { problem: `is nearly "${meant}", write that, or a host name with a dot or a port` };
  if (hostName.test(text)) return { value: { literal: text } };
  return { problem: 'must be external, upstream or a host name such as ehr.clinic.example' };
}

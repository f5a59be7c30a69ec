// Sends a page of the console.

import type { Response } from 'express';
import { contentSecurityPolicy } from '../pages/content-security-policy.ts';

export function sendPage(res: Response, page: string, status = 200): void {
  res.setHeader('Content-Security-Policy', contentSecurityPolicy());
  res.status(status).type('html').send(page);
}

// What every page of the EHR has around it: the document type of its time, the product's name and the one stylesheet.

import { markup } from '../../markup.ts';
import type { Markup } from '../../markup.ts';
import type { Patient } from '../patients.ts';

export const PRODUCT = 'Meadowbrook EHR 4.2';

interface LayoutOptions {
  /** Class of the body: what kind of frame this page fills. */
  readonly kind?: 'work' | 'plain' | 'banner' | 'nav';
}

/** A whole page. */
export function layout(title: string, body: Markup, { kind = 'work' }: LayoutOptions = {}): Markup {
  return markup`<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">
<html lang="en">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>${title} - ${PRODUCT}</title>
<link rel="stylesheet" type="text/css" href="/static/style.css">
<link rel="icon" type="image/svg+xml" href="/static/logo.svg">
<script type="text/javascript" src="/static/app.js"></script>
</head>
<body class="${kind}">
${body}
</body>
</html>
`;
}

/** A table with a heading; cells are text or markup. */
export function grid(heading: readonly string[], rows: readonly (readonly (string | number | Markup)[])[], kind = ''): Markup {
  return markup`<table class="grid ${kind}" cellspacing="0">
<tr>${heading.map((cell) => markup`<th>${cell}</th>`)}</tr>
${rows.map((row) => markup`<tr>${row.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`)}</table>`;
}

/** Who the page is about, above everything that shows a chart. */
export function patientHeader(patient: Patient): Markup {
  return markup`<div class="patient"><img src="/images/${patient.pid}/0" alt=""><b>${patient.familyName}, ${patient.givenName}</b>
<span>${patient.mrn}</span><span>born ${patient.born}</span><span>${patient.sex === 'F' ? 'female' : 'male'}</span><span>${patient.phone}</span></div>`;
}

/** The tabs over a chart. With `pid` they name the patient, without they lean on the one who is carried. */
export function chartTabs(here: 'Chart' | 'Demographics' | 'Documents', pid: number | null): Markup {
  const query = pid === null ? '' : `?pid=${pid}`;
  const tabs = [
    ['Chart', `/chart${query}`],
    ['Demographics', `/demographics${query}`],
    ['Documents', `/documents${query}`],
  ] as const;
  return markup`<div class="tabs">${tabs.map(([name, address]) => markup`<a href="${address}" class="${name === here ? 'here' : ''}">${name}</a>`)}</div>`;
}

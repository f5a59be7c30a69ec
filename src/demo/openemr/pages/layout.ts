// What OpenEMR's pages have around them. Parts of pages have nothing around them and carry the same label.

import { Markup, markup } from '../../markup.ts';
import { WEB_ROOT } from '../apache-target.ts';

/** A whole page; `script` is put into it as it is. */
export function layout(title: string, body: Markup, script = ''): Markup {
  const inline = script === '' ? null : markup`<script>\n${new Markup(script)}</script>\n`;
  return markup`<!DOCTYPE html>
<html>
<head>
<title>${title}</title>
<link rel="stylesheet" href="${WEB_ROOT}/public/themes/style_light.css?v=72">
<link rel="stylesheet" href="${WEB_ROOT}/interface/themes/themeBuilder.php">
${inline}</head>
<body class="body_top">
${body}
</body>
</html>
`;
}

/** A table with a heading. */
export function grid(heading: readonly string[], rows: readonly (readonly (string | number | Markup)[])[]): Markup {
  return markup`<table class="table">
<tr>${heading.map((cell) => markup`<th>${cell}</th>`)}</tr>
${rows.map((row) => markup`<tr>${row.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`)}</table>`;
}

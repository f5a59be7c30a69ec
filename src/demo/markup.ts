// The tag for the demo's pages: whatever is put into a template is escaped, unless it is markup already.
// It belongs to the two stand-ins (EHR and provider) alone; Wardgate's own pages never use it.

/** HTML that may be sent as it is. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template takes: text is escaped, markup is not, a list is joined, null is nothing. */
export type Insert = string | number | null | Markup | readonly Insert[];

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function insert(value: Insert): string {
  if (value === null) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value.replaceAll(/[&<>"']/g, (found) => entities[found] ?? '');
  return value.map(insert).join('');
}

/** Tagged template: `` markup`<b>${name}</b>` ``. */
export function markup(parts: TemplateStringsArray, ...values: readonly Insert[]): Markup {
  return new Markup(parts.map((part, index) => part + insert(values[index] ?? null)).join(''));
}

// HTML that escapes by itself: whatever is put into the template is text unless it was made by the same template. There
// is one way round it, `trustedMarkup`, for markup that no person typed.

const brand: unique symbol = Symbol('markup');

/** A piece of finished markup. */
export interface Markup {
  readonly [brand]: string;
}

/** What may stand in a template. Null, undefined and false leave nothing, so `condition && html…` reads well. */
export type Child = Markup | string | number | null | undefined | false | readonly Child[];

/** html`<p>${text}</p>`. Attributes must be quoted in the template. */
export function html(strings: TemplateStringsArray, ...children: readonly Child[]): Markup {
  let text = strings[0] ?? '';
  for (const [index, child] of children.entries()) text += render(child) + (strings[index + 1] ?? '');
  return { [brand]: text };
}

/** The finished text. */
export function markupText(markup: Markup): string {
  return markup[brand];
}

/** Markup from our own code, such as a drawn QR code. Never call it with anything a person or another system wrote. */
export function trustedMarkup(text: string): Markup {
  return { [brand]: text };
}

function render(child: Child): string {
  if (child === null || child === undefined || child === false) return '';
  if (typeof child === 'object') return brand in child ? child[brand] : child.map(render).join('');
  return escape(String(child));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

function escape(text: string): string {
  // Bidirectional controls could turn a name into other words on the screen.
  return text.replaceAll(/[\u202A-\u202E\u2066-\u2069]/g, '').replaceAll(/[&<>"'`]/g, (character) => entities[character] ?? '');
}

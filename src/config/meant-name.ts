// The name of ours that somebody meant who wrote it as people write names: `Front Desk` for front-desk.

/** Lower-case letters, digits and "-", beginning with a letter; '' where nothing of that is left. */
export function meantName(written: string): string {
  return written
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
}

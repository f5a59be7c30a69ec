// The one field by which the page of held posts asks for one of them to be sent. The form goes to the address of the held post
// itself, so that the EHR's answer stands where it belongs; its whole body is this field.

export const markerName = 'wardgate-held';

const id = /^[\w-]{43}$/;

/** The exact length of such a body, so that no other body need be read to tell. */
export const markerBytes = markerName.length + 1 + 43;

/** The id in a body that is nothing but the marker, else null. */
export function markedId(body: string): string | null {
  const [name, value, ...rest] = body.split('=');
  return name === markerName && value !== undefined && rest.length === 0 && id.test(value) ? value : null;
}

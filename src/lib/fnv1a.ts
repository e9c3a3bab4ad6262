/** FNV-1a, 32 bits (draft-eastlake-fnv), in base 36: for telling apart, never for trust. */
export function fnv1a(text: string): string {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return (value >>> 0).toString(36);
}

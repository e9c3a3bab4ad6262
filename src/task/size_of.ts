const NODE_BYTES = 8;

/** About how many bytes a JSON value takes: for bounds on memory, where exactness is not worth a serialisation. */
export function sizeOf(value: unknown): number {
  if (typeof value === "string") return NODE_BYTES + value.length;
  if (typeof value !== "object" || value === null) return NODE_BYTES;
  let bytes = NODE_BYTES;
  for (const member of Object.values(value)) bytes += sizeOf(member);
  return bytes;
}

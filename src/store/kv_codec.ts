/*
 * Values are JSON in UTF-8. Deno KV takes 65,536 bytes a value; what is longer is cut into chunks with rows of their own,
 * and the value says how many there are. JSON never begins with the byte that marks this.
 */

/** Below the limit of 65,536, with room for whatever the database adds. */
export const MAX_VALUE_BYTES = 60 * 1024;
const CHUNKED = 0;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encodeJson(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

/** What `encodeJson` wrote. The bytes come from this program alone, so their type is trusted. */
export function decodeJson<T>(bytes: Uint8Array): T {
  return JSON.parse(decoder.decode(bytes));
}

export interface SplitValue {
  readonly head: Uint8Array;
  readonly chunks: readonly Uint8Array[];
}

/** The value for one row and, if it is too long for it, the chunks that go elsewhere. */
export function splitValue(bytes: Uint8Array, maxBytes: number = MAX_VALUE_BYTES): SplitValue {
  if (bytes.length <= maxBytes) return { head: bytes, chunks: [] };
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += maxBytes) chunks.push(bytes.subarray(at, at + maxBytes));
  const pointer = encodeJson({ chunks: chunks.length });
  const head = new Uint8Array(1 + pointer.length);
  head[0] = CHUNKED;
  head.set(pointer, 1);
  return { head, chunks };
}

/** How many chunks the row's value points at; 0 if it is the value itself. */
export function chunkCount(head: Uint8Array): number {
  return head[0] === CHUNKED ? decodeJson<{ chunks: number }>(head.subarray(1)).chunks : 0;
}

export function joinChunks(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

import { JuteError } from "./jute.ts";

/** ZooKeeper's own limit for a node is 1 MiB (jute.maxbuffer); the rest is its status. */
const MAX_FRAME_BYTES = 2_097_152;

/** The messages of a connection, without their lengths. Ends when the peer ends between two of them. */
export async function* frames(
  bytes: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let parts: Uint8Array[] = [];
  let size = 0;
  let wanted = 4;
  for await (const part of bytes) {
    parts.push(part);
    size += part.length;
    if (size < wanted) continue;
    let rest = joined(parts, size);
    for (wanted = wantedFor(rest); rest.length >= wanted; wanted = wantedFor(rest)) {
      yield rest.subarray(4, wanted);
      rest = rest.subarray(wanted);
    }
    [parts, size] = [[rest], rest.length];
  }
  if (size > 0) throw new JuteError("The connection ended in the middle of a message");
}

/** How many bytes there have to be: those of the length, then those of the whole message. */
function wantedFor(bytes: Uint8Array): number {
  if (bytes.length < 4) return 4;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getInt32(0);
  if (length < 0 || length > MAX_FRAME_BYTES) throw new JuteError("A message is too large, or none of ZooKeeper's");
  return 4 + length;
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

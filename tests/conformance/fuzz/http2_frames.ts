import { FLAG, FRAME, frameBytes, uint32 } from "../../../src/lib/http2/frame.ts";
import type { HeaderField } from "../../../src/lib/http2/static_table.ts";
import { block, data, headers, numbers, settings } from "../../lib/http2/raw_peer.ts";
import { mutateBytes } from "./mutate.ts";
import type { Random } from "./random.ts";

type Bytes = Uint8Array;

/** What heads, bodies and ends the streams of a conversation have. */
export interface Script {
  readonly heads: readonly [readonly HeaderField[], ...(readonly HeaderField[])[]];
  readonly bodies: readonly [Bytes, ...Bytes[]];
  readonly trailers: readonly HeaderField[];
  /** The streams there are for it; a new one is opened as often as not. */
  readonly streamIds: readonly [number, ...number[]];
}

const EDGES: readonly [number, ...number[]] = [0, 1, 2, 100, 16_384, 65_535, 0x7fffffff, 0x80000000, 0xffffffff];

function padded(id: number, type: number, payload: Bytes, { flags, random }: { flags: number; random: Random }): Bytes {
  const padding = random.int(20);
  const all = Uint8Array.of(padding, ...payload, ...new Uint8Array(padding));
  return frameBytes({ type, flags: flags | FLAG.PADDED, streamId: id }, all);
}

/** `x-table: N` into the dynamic table (RFC 7541 §6.2.1), and what stands at its beginning. */
function tableFields(random: Random): Bytes {
  const name = new TextEncoder().encode("x-table");
  const value = new TextEncoder().encode("v".repeat(random.int(40)));
  const added = Uint8Array.of(0x40, name.length, ...name, value.length, ...value);
  return random.once(2) ? added : Uint8Array.of(...added, 0xbe, 0xbe);
}

/** HEADERS, in one piece or many. */
function head(id: number, fields: readonly HeaderField[], random: Random): Bytes[] {
  const end = random.once(3) ? FLAG.END_STREAM : 0;
  const bytes = random.once(3) ? Uint8Array.of(...block(fields), ...tableFields(random)) : block(fields);
  if (random.once(6)) return [padded(id, FRAME.HEADERS, bytes, { flags: end | FLAG.END_HEADERS, random })];
  if (random.once(6)) {
    const priority = Uint8Array.of(...uint32(random.int(9)), random.int(256));
    const flags = end | FLAG.END_HEADERS | FLAG.PRIORITY;
    return [frameBytes({ type: FRAME.HEADERS, flags, streamId: id }, priority, bytes)];
  }
  if (!random.once(4)) return [frameBytes({ type: FRAME.HEADERS, flags: end | FLAG.END_HEADERS, streamId: id }, bytes)];
  const cut = random.int(bytes.length);
  return [
    frameBytes({ type: FRAME.HEADERS, flags: end, streamId: id }, bytes.subarray(0, cut)),
    frameBytes({ type: FRAME.CONTINUATION, flags: FLAG.END_HEADERS, streamId: id }, bytes.subarray(cut)),
  ];
}

function ofConnection(random: Random): Bytes {
  switch (random.int(7)) {
    case 0:
      return settings([[1 + random.int(8), random.pick(EDGES)]]);
    case 1:
      return settings([], FLAG.ACK);
    case 2:
      return numbers(FRAME.PING, 0, random.int(99), 1);
    case 3:
      return numbers(FRAME.WINDOW_UPDATE, 0, random.pick(EDGES));
    case 4:
      return random.once(8) ? numbers(FRAME.GOAWAY, 0, random.pick(EDGES), random.int(15)) : settings();
    case 5:
      return frameBytes({ type: 10 + random.int(200), flags: random.int(256), streamId: 0 }, new Uint8Array(9));
    default:
      return random.once(8) ? numbers(FRAME.PUSH_PROMISE, 1, 2) : numbers(FRAME.PING, 0, 1, 1);
  }
}

/** One thing that a peer may say, as a well-behaved one says it. */
function said(script: Script, random: Random): Bytes[] {
  const [firstId] = script.streamIds;
  const id = script.streamIds[random.int(script.streamIds.length)] ?? firstId;
  switch (random.int(10)) {
    case 0:
    case 1:
    case 2:
      return head(id, random.pick(script.heads), random);
    case 3:
    case 4:
    case 5: {
      const body = random.pick(script.bodies);
      const flags = random.once(3) ? FLAG.END_STREAM : 0;
      return [random.once(5) ? padded(id, FRAME.DATA, body, { flags, random }) : data(id, body, flags)];
    }
    case 6:
      return [headers(id, script.trailers, FLAG.END_HEADERS | FLAG.END_STREAM)];
    case 7:
      return [numbers(FRAME.WINDOW_UPDATE, id, random.pick(EDGES))];
    case 8:
      return [numbers(FRAME.RST_STREAM, id, random.int(15))];
    default:
      return [ofConnection(random)];
  }
}

/** The frame with its head or its bytes changed; its length may lie. */
function changed(frame: Bytes, random: Random): Bytes[] {
  const copy = frame.slice();
  switch (random.int(8)) {
    case 0:
      copy[4] = random.int(256);
      return [copy];
    case 1:
      copy[3] = random.int(12);
      return [copy];
    case 2:
      copy[8] = random.int(12);
      return [copy];
    case 3:
      copy[2] = random.int(256);
      return [copy];
    case 4:
      return [copy, copy];
    case 5:
      return [];
    case 6: {
      // The payload alone: the length is told as it is.
      const payload = mutateBytes(copy.subarray(9), random).subarray(0, 16_384);
      return [frameBytes({ type: copy[3] ?? 0, flags: copy[4] ?? 0, streamId: copy[8] ?? 0 }, payload)];
    }
    default:
      return [mutateBytes(copy, random)];
  }
}

/** The frames of one side of a conversation, of which as many as one in `every` are changed. */
export function frames(script: Script, { count, every }: { count: number; every: number }, random: Random): Bytes[] {
  const all: Bytes[] = [];
  while (all.length < count) {
    for (const frame of said(script, random)) all.push(...random.once(every) ? changed(frame, random) : [frame]);
  }
  return all;
}

/** The same bytes, cut as a network may cut them. */
export function pieces(all: readonly Bytes[], random: Random): Bytes[] {
  if (random.once(2)) return [...all];
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const one of all) {
    bytes.set(one, at);
    at += one.length;
  }
  const cut: Bytes[] = [];
  for (let from = 0; from < bytes.length;) {
    const to = from + 1 + random.int(200);
    cut.push(bytes.subarray(from, to));
    from = to;
  }
  return cut;
}

/* The reading half of server-sent events (WHATWG HTML §9.2.5 and §9.2.6). The writing half: sse.ts. */

/** An event as a reader dispatches it. */
export interface SseMessage {
  /** The last id that the stream gave, with this event or before it; "" before the first. */
  readonly id: string;
  /** "message" where the stream names none. */
  readonly event: string;
  readonly data: string;
}

/** A peer sends an event that is larger than its reader wants to hold. */
export class SseOverflowError extends Error {
  override readonly name = "SseOverflowError";
  constructor(readonly maxEventBytes: number) {
    super(`A server-sent event is larger than ${maxEventBytes} bytes`);
  }
}

export interface ParseSseOptions {
  /** Events up to this size always pass; what is held in memory never grows beyond twice this. */
  readonly maxEventBytes: number;
}

/**
 * The events of `stream` as they complete; leaving early cancels the stream. An event that the end of the stream cuts off
 * is dropped, as the standard wants. Throws SseOverflowError, and what the stream throws.
 */
export async function* parseSse(
  stream: AsyncIterable<Uint8Array>,
  { maxEventBytes }: ParseSseOptions,
): AsyncGenerator<SseMessage> {
  let id = "";
  let event = "";
  let data: string[] = [];
  let held = 0;
  for await (const line of lines(stream, maxEventBytes)) {
    if (line === "") {
      if (data.length > 0) yield { id, event: event === "" ? "message" : event, data: data.join("\n") };
      event = "";
      data = [];
      held = 0;
      continue;
    }
    const [name, value] = field(line);
    if (name === "data") {
      held += value.length + 1;
      if (held > maxEventBytes + 1) throw new SseOverflowError(maxEventBytes);
      data.push(value);
    } else if (name === "event") event = value;
    else if (name === "id" && !value.includes("\0")) id = value;
  }
}

/** A comment has the name "", which no field has. */
function field(line: string): [name: string, value: string] {
  const colon = line.indexOf(":");
  if (colon < 0) return [line, ""];
  return [line.slice(0, colon), line.slice(line.startsWith(" ", colon + 1) ? colon + 2 : colon + 1)];
}

/** Room for a field's name beside the data that is counted. */
const MAX_FIELD_NAME = 16;

/** The complete lines. Each chunk is scanned once, so a long line that comes in small pieces stays cheap. */
async function* lines(stream: AsyncIterable<Uint8Array>, maxEventBytes: number): AsyncGenerator<string> {
  // Takes the byte order mark away and mends characters that two chunks share.
  const decoder = new TextDecoder();
  let rest = "";
  let afterReturn = false;
  for await (const chunk of stream) {
    const decoded = decoder.decode(chunk, { stream: true });
    if (decoded === "") continue;
    // A CRLF may come in two chunks.
    const text = afterReturn && decoded.startsWith("\n") ? decoded.slice(1) : decoded;
    afterReturn = decoded.endsWith("\r");
    let from = 0;
    for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) {
      yield rest + text.slice(from, index);
      rest = "";
      from = index + end.length;
    }
    rest += text.slice(from);
    if (rest.length > maxEventBytes + MAX_FIELD_NAME) throw new SseOverflowError(maxEventBytes);
  }
}

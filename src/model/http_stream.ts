import { isRecord, parseJson } from "../lib/json.ts";
import { parseSse } from "../lib/parse_sse.ts";

/* Providers that are asked without an SDK: one request, and a stream of JSON values as answer. */

/** A request that a server refused. `providerError` reads it. */
export class HttpFault extends Error {
  override readonly name = "HttpFault";
  constructor(readonly status: number, readonly headers: Headers, readonly error: unknown) {
    super(typeof error === "string" ? error : `HTTP ${status}`);
  }
}

export interface JsonRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly signal: AbortSignal;
}

/** Sends it; the body of the answer. Throws HttpFault, and what `fetch` throws. */
export async function postJson(
  { url, headers, body, signal }: JsonRequest,
  ask: typeof fetch,
): Promise<AsyncIterable<Uint8Array>> {
  const response = await ask(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok) throw new HttpFault(response.status, response.headers, parsed(await response.text()));
  return bytesOf(response.body);
}

async function* bytesOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    // Who leaves has aborted the request already, and such a stream refuses to be canceled.
    await reader.cancel().catch(() => {});
  }
}

function parsed(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    // Some say their sentence where others say an object.
    return isRecord(body) && typeof body.error === "string" ? { message: body.error } : body;
  } catch {
    return undefined;
  }
}

/** Enough for a picture that a model has made. */
const MAX_VALUE_BYTES = 64 * 2 ** 20;

/** The JSON values of server-sent events. */
export async function* sseValues(body: AsyncIterable<Uint8Array>): AsyncGenerator<unknown, void, undefined> {
  for await (const { data } of parseSse(body, { maxEventBytes: MAX_VALUE_BYTES })) yield parseJson(data);
}

/** The JSON values of lines (NDJSON). */
export async function* lineValues(body: AsyncIterable<Uint8Array>): AsyncGenerator<unknown, void, undefined> {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  let held = 0;
  for await (const chunk of body) {
    const [first = "", ...others] = decoder.decode(chunk, { stream: true }).split("\n");
    pieces.push(first);
    held += first.length;
    for (const next of others) {
      yield* lineValue(pieces.join(""));
      pieces = [next];
      held = next.length;
    }
    if (held > MAX_VALUE_BYTES) throw new SyntaxError("a line of the answer has no end");
  }
  yield* lineValue(pieces.join(""));
}

function* lineValue(line: string): Generator<unknown, void, undefined> {
  if (line.trim() !== "") yield parseJson(line);
}

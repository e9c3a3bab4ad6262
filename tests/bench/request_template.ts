import { indexOf } from "./http_connection.ts";

/** What to POST. `$n` in any string of the body becomes a number that no other request has. */
export interface Question {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The milliseconds of the start and a counter, both of fixed width, so that the length of a request never changes. */
const START_WIDTH = 13;
const COUNTER_WIDTH = 7;

/** Makes the bytes of one request after another, without going through JSON each time. */
export function requestTemplate({ path, headers = {}, body }: Question): () => Uint8Array<ArrayBuffer> {
  const slot = "#".repeat(START_WIDTH + COUNTER_WIDTH);
  const payload = JSON.stringify(body).replaceAll("$n", slot);
  const lines = Object.entries({
    host: "127.0.0.1",
    "content-type": "application/json",
    "content-length": String(new TextEncoder().encode(payload).length),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const template = new TextEncoder().encode(`POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n${payload}`);
  const slots = positions(template, new TextEncoder().encode(slot));
  const start = String(Date.now()).padStart(START_WIDTH, "0");
  let count = 0;
  return () => {
    const request = template.slice();
    const number = new TextEncoder().encode(start + String(count++).padStart(COUNTER_WIDTH, "0"));
    for (const at of slots) request.set(number, at);
    return request;
  };
}

function positions(bytes: Uint8Array, wanted: Uint8Array): number[] {
  const found: number[] = [];
  for (let at = indexOf(bytes, wanted); at >= 0; at = indexOf(bytes, wanted, at + wanted.length)) found.push(at);
  return found;
}

import type { HeaderField } from "../../src/lib/http2/static_table.ts";
import { wordsOf } from "./curl.ts";

export interface GrpcCall {
  readonly path: string;
  readonly json: unknown;
  readonly metadata: readonly HeaderField[];
  /** Names of the messages of request and answer. */
  readonly input: string;
  readonly output: string;
}

const OUTPUTS: ReadonlyMap<string, string> = new Map([
  ["SendMessage", "SendMessageResponse"],
  ["SendStreamingMessage", "StreamResponse"],
]);

/** A command line of grpcurl, as far as the descriptions use it. Throws for an option that it does not know. */
export function toGrpcCall(script: string): GrpcCall {
  const words = wordsOf(script);
  if (words.shift() !== "grpcurl") throw new TypeError(`No command of grpcurl: ${script}`);
  const metadata: HeaderField[] = [];
  let json: unknown = {};
  const rest: string[] = [];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "-plaintext") continue;
    if (word === "-d") json = JSON.parse(words.shift() ?? "");
    else if (word === "-H") {
      const [name = "", ...value] = (words.shift() ?? "").split(":");
      metadata.push([name.toLowerCase(), value.join(":").trim()]);
    } else if (word.startsWith("-")) throw new TypeError(`Unknown option ${word}`);
    else rest.push(word);
  }
  const [, symbol = ""] = rest;
  const [service = "", method = ""] = symbol.split("/");
  const output = OUTPUTS.get(method);
  if (output === undefined) throw new TypeError(`Unknown method ${symbol}`);
  const named = (message: string) => `${service.slice(0, service.lastIndexOf("."))}.${message}`;
  return {
    path: `/${symbol}`,
    json,
    metadata,
    input: named(`${method === "SendStreamingMessage" ? "SendMessage" : method}Request`),
    output: named(output),
  };
}

import { StreamError } from "./http2_error.ts";
import type { HeaderField } from "./static_table.ts";

/** RFC 9113 §8.2.1: lower case, no controls, and a colon only where a pseudo-header begins. */
const NAME = /^:?[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const BAD_VALUE = /[\0\r\n]|^[ \t]|[ \t]$/;
/** RFC 9113 §8.2.2: of one HTTP/1 connection, so without meaning here. */
const CONNECTION_SPECIFIC: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);
const REQUEST_PSEUDO: ReadonlySet<string> = new Set([":method", ":scheme", ":authority", ":path"]);
const RESPONSE_PSEUDO: ReadonlySet<string> = new Set([":status"]);
const NO_PSEUDO: ReadonlySet<string> = new Set();

export interface CheckedHead {
  readonly contentLength: number | undefined;
}

/** RFC 9113 §8.3.1. Throws StreamError PROTOCOL_ERROR. */
export function checkRequest(fields: readonly HeaderField[]): CheckedHead {
  const pseudo = checkFields(fields, REQUEST_PSEUDO);
  const isConnect = pseudo.get(":method") === "CONNECT";
  for (const name of isConnect ? [":method", ":authority"] : [":method", ":scheme", ":path"]) {
    if ((pseudo.get(name) ?? "") === "") throw malformed(`${name} is missing`);
  }
  if (isConnect && (pseudo.has(":scheme") || pseudo.has(":path"))) {
    throw malformed("CONNECT has no :scheme and no :path");
  }
  return { contentLength: contentLengthOf(fields) };
}

/** RFC 9113 §8.3.2. Throws StreamError PROTOCOL_ERROR. */
export function checkResponse(fields: readonly HeaderField[]): CheckedHead & { readonly status: number } {
  const status = checkFields(fields, RESPONSE_PSEUDO).get(":status") ?? "";
  if (!/^[1-9]\d\d$/.test(status)) throw malformed(":status is missing");
  return { contentLength: contentLengthOf(fields), status: Number(status) };
}

/** RFC 9113 §8.1. Throws StreamError PROTOCOL_ERROR. */
export function checkTrailers(fields: readonly HeaderField[]): void {
  checkFields(fields, NO_PSEUDO);
}

/** The pseudo-headers; they come first and once. */
function checkFields(fields: readonly HeaderField[], allowed: ReadonlySet<string>): Map<string, string> {
  const pseudo = new Map<string, string>();
  let sawRegular = false;
  for (const [name, value] of fields) {
    if (!NAME.test(name)) throw malformed(`${JSON.stringify(name)} is no field name`);
    if (BAD_VALUE.test(value)) throw malformed(`the value of ${name} holds what no value may`);
    if (!name.startsWith(":")) {
      sawRegular = true;
      checkRegular(name, value);
      continue;
    }
    if (sawRegular) throw malformed(`${name} stands behind other fields`);
    if (!allowed.has(name)) throw malformed(`${name} has no place here`);
    if (pseudo.has(name)) throw malformed(`${name} comes twice`);
    pseudo.set(name, value);
  }
  return pseudo;
}

function checkRegular(name: string, value: string): void {
  if (CONNECTION_SPECIFIC.has(name)) throw malformed(`${name} belongs to one HTTP/1 connection`);
  if (name === "te" && value.toLowerCase() !== "trailers") throw malformed('te is other than "trailers"');
}

function contentLengthOf(fields: readonly HeaderField[]): number | undefined {
  const given = new Set(fields.filter(([name]) => name === "content-length").map(([, value]) => value));
  const [first] = given;
  if (first === undefined) return undefined;
  if (given.size > 1 || !/^\d{1,15}$/.test(first)) throw malformed("content-length is no length");
  return Number(first);
}

function malformed(what: string): StreamError {
  return new StreamError("PROTOCOL_ERROR", `Malformed headers: ${what}`);
}

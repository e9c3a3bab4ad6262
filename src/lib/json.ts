/** A value that JSON (RFC 8259) can carry. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** A JSON object; the type of every `google.protobuf.Struct` member of A2A. */
export type JsonObject = { readonly [name: string]: Json };

/** Whether `value` is an object that came from JSON: neither null nor an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text is JSON, but deeper than a reader should follow. */
export class JsonDepthError extends Error {
  override readonly name = "JsonDepthError";
  constructor(readonly maxDepth: number) {
    super(`JSON is nested deeper than ${maxDepth} levels`);
  }
}

/** The text is JSON, but holds a number that no double does (RFC 8259 §6): it could not be written again. */
export class JsonNumberError extends SyntaxError {
  override readonly name = "JsonNumberError";
  constructor() {
    super("JSON holds a number that is too large");
  }
}

/**
 * `JSON.parse` with a bound on depth: whoever walks the result later recurses, and a stack overflow is not an answer.
 * Throws SyntaxError for what is not JSON, JsonNumberError among them, JsonDepthError for what is nested too deeply.
 */
export function parseJson(text: string, maxDepth = 100): unknown {
  if (text.length > maxDepth && jsonDepth(text) > maxDepth) throw new JsonDepthError(maxDepth);
  const value: unknown = JSON.parse(text);
  if (HUGE_NUMBER.test(text) && !isFiniteWithin(value)) throw new JsonNumberError();
  return value;
}

/** What a number beyond a double's range cannot do without; it may stand in a string as well. */
const HUGE_NUMBER = /[eE]\+?\d{3}|\d{309}/;

function isFiniteWithin(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every(isFiniteWithin);
}

function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return deepest;
}

/** A value that has no canonical form: it is no I-JSON (RFC 7493). */
export class JcsError extends Error {
  override readonly name = "JcsError";
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/**
 * JSON Canonicalization Scheme (RFC 8785): no white space, members in the order of their names' UTF-16 code units, numbers
 * and texts as ECMAScript writes them. A member that is undefined is not there, as in `JSON.stringify`.
 * Throws JcsError for NaN, an infinity, a lone surrogate, and for what JSON does not know.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case "string":
      return textOf(value);
    case "number":
      if (!Number.isFinite(value)) {
        throw new JcsError(`Cannot write ${value} as canonical JSON: it is no number of JSON`);
      }
      // ECMAScript's own algorithm is the one that RFC 8785 §3.2.2.3 demands; it writes -0 as 0.
      return JSON.stringify(value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? `[${value.map(canonicalJson).join(",")}]` : objectOf(value);
    default:
      throw new JcsError(`Cannot write a ${typeof value} as canonical JSON: JSON has no such thing`);
  }
}

function objectOf(value: object): string {
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
    // RFC 8785 §3.2.3: by code units, as `<` compares; a locale would order them otherwise.
    .sort(([one], [other]) => one < other ? -1 : 1)
    .map(([name, member]) => `${textOf(name)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}

/** ECMAScript escapes as RFC 8785 §3.2.2.2 demands, but for lone surrogates, which it writes and the RFC refuses. */
function textOf(text: string): string {
  if (LONE_SURROGATE.test(text)) {
    throw new JcsError("Cannot write a text as canonical JSON: it holds half of a character");
  }
  return JSON.stringify(text);
}

import { isRecord } from "../../src/lib/json.ts";

/** Members whose value is the point; every other text or number is an example of one. */
const EXACT: ReadonlySet<string> = new Set([
  "jsonrpc",
  "status",
  "state",
  "role",
  "kind",
  "type",
  "code",
  "protocol_version",
  "preferred_transport",
  "default_input_modes",
  "$id",
  "$schema",
  "title",
]);

/**
 * Where `actual` is not what the example shows, as paths; none if it conforms. Members are there, with values of the same
 * type (undefined: any); those that count are equal; each item of a list stands for one that is there, in the same order.
 */
export function differences(actual: unknown, example: unknown, path = "", name = ""): string[] {
  if (example === undefined) return [];
  if (Array.isArray(example)) {
    if (!Array.isArray(actual)) return [`${path}: expected a list, found ${JSON.stringify(actual)}`];
    return listDifferences(actual, example, path);
  }
  if (isRecord(example)) {
    if (!isRecord(actual)) return [`${path}: expected an object, found ${JSON.stringify(actual)}`];
    return Object.keys(example).flatMap((member) =>
      member in actual
        ? differences(actual[member], example[member], `${path}.${member}`, member)
        : [`${path}.${member}: is missing`]
    );
  }
  const mustEqual = EXACT.has(name) || typeof example === "boolean" || example === null;
  if (mustEqual ? actual === example : typeof actual === typeof example) return [];
  return [`${path}: expected ${JSON.stringify(example)}, found ${JSON.stringify(actual)}`];
}

function listDifferences(actual: readonly unknown[], example: readonly unknown[], path: string) {
  let from = 0;
  for (const [index, item] of example.entries()) {
    const found = actual.findIndex((one, at) => at >= from && differences(one, item).length === 0);
    if (found < 0) return [`${path}.${index}: none of ${JSON.stringify(actual.slice(from))} is one`];
    from = found + 1;
  }
  return [];
}

/** One server-sent event: its name, and its data as JSON where it is. */
export interface Frame {
  readonly event?: string;
  readonly data: unknown;
}

/** The events of a stream's text. */
export function framesOf(text: string): Frame[] {
  return text.split(/\n{2,}/).flatMap((block) => {
    const field = (name: string) =>
      block.split("\n").filter((line) => line.trimStart().startsWith(`${name}:`))
        .map((line) => line.slice(line.indexOf(":") + 1).trim());
    const data = field("data");
    if (data.length === 0) return [];
    const [event] = field("event");
    return data.map((text) => ({ ...(event === undefined ? {} : { event }), data: jsonOr(text) }));
  });
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Where a stream is not what the example shows. A frame that is no JSON is itself. */
export function streamDifferences(actual: string, example: string): string[] {
  const heard = framesOf(actual);
  let from = 0;
  for (const [index, frame] of framesOf(example).entries()) {
    const found = heard.findIndex(({ event, data }, at) =>
      at >= from && event === frame.event &&
      (typeof frame.data === "string" ? data === frame.data : differences(data, frame.data).length === 0)
    );
    if (found < 0) return [`frame ${index} ${JSON.stringify(frame)} is not in ${JSON.stringify(heard.slice(from))}`];
    from = found + 1;
  }
  return [];
}

/** The texts in a stream's frames, joined. */
export function saidIn(stream: string): string {
  return framesOf(stream).flatMap(({ data }) => textsIn(data)).join("");
}

/** Every text of a part in `value`, in order. */
export function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === "text" && typeof member === "string" ? [member] : textsIn(member)
  );
}

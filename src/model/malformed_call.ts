import { isRecord, type JsonObject, parseJson } from "../lib/json.ts";
import type { ToolCall, ToolOutcome } from "../a2a/parts.ts";

/** Enough for the model to see its mistake, little enough not to fill its context with it. */
const MAX_ECHO_CHARS = 2_000;

function isObject(value: unknown): value is JsonObject {
  return isRecord(value);
}

/** A model's arguments as it wrote them. What is no JSON object becomes `malformed`, for the model to hear of. */
export function readArguments(text: string): Pick<ToolCall, "arguments" | "malformed"> {
  // Providers write nothing at all for a tool without parameters.
  if (text.trim() === "") return { arguments: {} };
  try {
    const value = parseJson(text);
    if (isObject(value)) return { arguments: value };
  } catch {
    // Told to the model below: it wrote the text, and it can write it again.
  }
  return { arguments: {}, malformed: text.slice(0, MAX_ECHO_CHARS) };
}

/** What the loop answers a malformed call with, in place of running the tool; undefined for a sound call. */
export function malformedOutcome({ id, name, malformed }: ToolCall): ToolOutcome | undefined {
  if (malformed === undefined) return undefined;
  const output =
    `Cannot call "${name}": the arguments are not a JSON object. The tool did not run. You wrote: ${malformed}`;
  return { id, name, output, isError: true };
}

import { z } from "zod";

/**
 * What a JSON Schema that is not ours asks, or undefined where it uses words that cannot be checked here: whoever wrote it
 * judges by itself then. Formats and patterns are left to it always: foreign schemas mean them loosely, and a foreign expression may take
 * for ever on our event loop.
 */
export function readForeignSchema(schema: unknown): z.ZodType | undefined {
  const text = JSON.stringify(
    schema,
    (name, value) => (name === "format" || name === "pattern") && typeof value === "string" ? undefined : value,
  );
  if (text.includes(`"patternProperties"`)) return undefined;
  try {
    return z.fromJSONSchema(JSON.parse(text));
  } catch {
    return undefined;
  }
}

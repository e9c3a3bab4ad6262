import { isRecord, type JsonObject } from "../lib/json.ts";

/** What `{NAME}` in a prompt stands for; null where the caller has to say it. */
export type Variables = Readonly<Record<string, string | number | boolean | null>>;

/** A prompt cannot be made: the caller has to say what one of its variables is. */
export class MissingVariable extends Error {
  override readonly name = "MissingVariable";
  constructor(readonly variable: string) {
    super(`Cannot begin: the message has to say what "${variable}" is (metadata.variables)`);
  }
}

/** The spellings of generation 2.0: of the application, the user, or this run; `?` where there need not be any. */
const PLACEHOLDER = /\{(?:(?:app|user|temp):)?([A-Za-z_]\w{0,63})(\?)?\}/g;
/** A caller's value is a word or a sentence, not a prompt. */
const MAX_VALUE_CHARS = 2_000;

/**
 * The text with its variables filled in: what the caller says of those that are declared, else what is declared. Braces
 * around anything else stay as they are: they may be an example, or JSON. Throws MissingVariable.
 */
export function fillVariables(text: string, variables: Variables, metadata: JsonObject = {}): string {
  const declared = new Map(Object.entries(variables));
  const said = new Map(Object.entries(isRecord(metadata.variables) ? metadata.variables : {}));
  return text.replace(PLACEHOLDER, (placeholder, name: string, optional?: string) => {
    if (!declared.has(name)) return optional === undefined ? placeholder : "";
    const value = wordOf(said.get(name)) ?? declared.get(name) ?? undefined;
    if (value !== undefined) return String(value);
    if (optional === undefined) throw new MissingVariable(name);
    return "";
  });
}

function wordOf(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
      return value.slice(0, MAX_VALUE_CHARS);
    case "number":
    case "boolean":
      return String(value);
    default:
      return undefined;
  }
}

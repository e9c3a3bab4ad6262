import { type Arguments, type Flag, UsageError } from "./arguments.ts";
import type { Terminal } from "./terminal.ts";

/** `-o text` is for people; `-o json` is stable and for programs. */
export const OUTPUT: Flag = { type: "string", short: "o", value: "FORMAT", help: "text (default) or json" };

export type Output = "text" | "json";

/** Throws UsageError. */
export function outputOf({ strings }: Arguments): Output {
  const output = strings.get("output") ?? "text";
  if (output === "text" || output === "json") return output;
  throw new UsageError(`Flag "--output" takes text or json: found "${output}"`);
}

export function printJson(terminal: Terminal, value: unknown): void {
  terminal.out(`${JSON.stringify(value, null, 2)}\n`);
}

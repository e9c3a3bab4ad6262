import type { Log, LogFields } from "../lib/log.ts";
import { printable, type Terminal } from "./terminal.ts";

/**
 * The log of agents in the process of a command, for whoever sits at its terminal: troubles that no answer tells of, such
 * as tools that are missing, a line each and once. What is of a task is told by the task.
 */
export function briefLog({ err, dim }: Pick<Terminal, "err" | "dim">): Log {
  const told = new Set<string>();
  const tell = (message: string, fields: LogFields = {}) => {
    if (fields.task !== undefined) return;
    const about = Object.values(fields).flatMap(wordsOf).join(": ");
    const line = about === "" ? message : `${message} (${about})`;
    if (told.has(line)) return;
    told.add(line);
    err(`${dim(printable(line))}\n`);
  };
  return { info: () => {}, warn: tell, error: tell };
}

/** Numbers and causes are for logs that are kept. */
function wordsOf(value: unknown): string[] {
  if (value instanceof Error) return [value.message];
  return typeof value === "string" ? [value] : [];
}

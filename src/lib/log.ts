export type LogFields = Readonly<Record<string, unknown>>;

/** Structured logging. What a field holds is written out, so a Secret stays `[secret]` and nothing else may be secret. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export interface LogOptions {
  readonly write: (line: string) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** "text" for people, "json" (one object a line) for collectors. */
  readonly format: "text" | "json";
}

type Level = "info" | "warn" | "error";

export function createLog({ write, now, format }: LogOptions): Log {
  const print = (level: Level, message: string, fields: LogFields = {}) => {
    const time = new Date(now()).toISOString();
    write(
      format === "json"
        ? jsonLine({ time, level, message, ...fields })
        : textLine(`${time} ${level.padEnd(5)} ${message}`, fields),
    );
  };
  return {
    info: (message, fields) => print("info", message, fields),
    warn: (message, fields) => print("warn", message, fields),
    error: (message, fields) => print("error", message, fields),
  };
}

/** Says nothing; for tests and one-shot commands. */
export const SILENT: Log = { info: () => {}, warn: () => {}, error: () => {} };

function jsonLine(record: LogFields): string {
  return JSON.stringify(record, (_name, value) => value instanceof Error ? toText(value) : value);
}

function textLine(head: string, fields: LogFields): string {
  return `${head}${Object.entries(fields).map(([name, value]) => ` ${name}=${quote(toText(value))}`).join("")}`;
}

/** An error with its causes: the log is the one place that may know them. */
function toText(value: unknown): string {
  if (value instanceof Error) {
    const cause = value.cause === undefined ? "" : ` ← ${toText(value.cause)}`;
    return `${value.stack ?? `${value.name}: ${value.message}`}${cause}`;
  }
  return typeof value === "string" ? value : JSON.stringify(value) ?? String(value);
}

/** Line breaks would let a peer's text forge log lines. */
function quote(text: string): string {
  return /^[\w.:/@+-]+$/.test(text) ? text : JSON.stringify(text);
}

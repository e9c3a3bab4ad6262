import { parseArgs } from "node:util";
import { didYouMean } from "../lib/suggest.ts";
import { MISSING_FLAGS } from "./missing_flags.ts";

/** One flag of a command. */
export interface Flag {
  readonly type: "string" | "boolean";
  readonly short?: string;
  /** What the value is called in the help text: `--port PORT`. */
  readonly value?: string;
  readonly help: string;
  /** Environment variable that stands in for the flag. */
  readonly env?: string;
  /** What the flag means where no value follows. */
  readonly bare?: string;
  /** Another spelling of this flag's name. */
  readonly alias?: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** What was typed: every flag by its own name (aliases resolved, environment filled in), and the rest. */
export interface Arguments {
  readonly strings: ReadonlyMap<string, string>;
  readonly booleans: ReadonlyMap<string, boolean>;
  readonly positionals: readonly string[];
  /** The flags that were typed, not taken from the environment. */
  readonly typed: ReadonlySet<string>;
}

/** The command line is wrong; the message says where and what to type. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

function spelledNames(flags: Flags): Map<string, string> {
  const names = new Map<string, string>();
  for (const [name, { alias }] of Object.entries(flags)) {
    names.set(name, name);
    if (alias !== undefined) names.set(alias, name);
  }
  return names;
}

function spelled(names: Iterable<string>): string[] {
  return [...names].map((name) => `--${name}`);
}

type Raw = { type: "string" | "boolean"; short?: string };

function rawOptions(flags: Flags): Record<string, Raw> {
  const raw: [string, Raw][] = [];
  for (const [name, { type, short, alias }] of Object.entries(flags)) {
    raw.push([name, short === undefined ? { type } : { type, short }]);
    if (alias !== undefined) raw.push([alias, { type }]);
  }
  return Object.fromEntries(raw);
}

/** Reads `argv` by `flags`: `--name value`, `--name=value`, `-n value`, `--no-name`. Throws UsageError. */
export function parseArguments(
  argv: readonly string[],
  flags: Flags,
  env: (name: string) => string | undefined,
): Arguments {
  const names = spelledNames(flags);
  const strings = new Map<string, string>();
  const booleans = new Map<string, boolean>();
  const { tokens, positionals } = parseArgs({
    args: withBareValues(argv, flags),
    options: rawOptions(flags),
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const negated = !names.has(token.name) && token.name.startsWith("no-");
    const name = names.get(negated ? token.name.slice(3) : token.name);
    const flag = name === undefined ? undefined : flags[name];
    if (name === undefined || flag === undefined || (negated && flag.type !== "boolean")) {
      const missing = MISSING_FLAGS.get(token.name) ?? MISSING_FLAGS.get(token.name.replace(/^no-/, ""));
      if (missing !== undefined) throw new UsageError(`Flag "${token.rawName}" is ${missing}`);
      throw new UsageError(`Unknown flag "${token.rawName}"${didYouMean(token.rawName, spelled(names.keys()))}`);
    }
    if (flag.type === "string") strings.set(name, requireValue(token.rawName, token.value));
    else booleans.set(name, readBoolean({ name: token.rawName, value: token.value, negated }));
  }
  const typed = new Set([...strings.keys(), ...booleans.keys()]);
  for (const [name, flag] of Object.entries(flags)) {
    const value = flag.env === undefined ? undefined : env(flag.env);
    if (value === undefined || value === "") continue;
    if (flag.type === "string" && !strings.has(name)) strings.set(name, value);
  }
  return { strings, booleans, positionals, typed };
}

/** A flag that may stand alone takes no other flag for its value, and nothing at the end. */
function withBareValues(argv: readonly string[], flags: Flags): string[] {
  const bare = new Map(Object.entries(flags).map(([name, flag]) => [`--${name}`, flag.bare]));
  return argv.map((argument, at) => {
    const value = bare.get(argument);
    const next = argv[at + 1];
    return value === undefined || (next !== undefined && !next.startsWith("-")) ? argument : `${argument}=${value}`;
  });
}

function requireValue(name: string, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`Flag "${name}" needs a value`);
  return value;
}

function readBoolean({ name, value, negated }: {
  readonly name: string;
  readonly value: string | undefined;
  readonly negated: boolean;
}): boolean {
  if (value === undefined || value === "true") return !negated;
  if (value === "false") return negated;
  throw new UsageError(`Flag "${name}" takes no value: found "${value}"`);
}

/** A whole number from `low` to `high`. Throws UsageError. */
export function wholeNumber(name: string, text: string, [low, high]: readonly [number, number]): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (value >= low && value <= high) return value;
  throw new UsageError(`Flag "--${name}" takes a whole number from ${low} to ${high}: found "${text}"`);
}

/** The flags as help text, aligned. */
export function describeFlags(flags: Flags): string {
  const rows = Object.entries(flags).map(([name, { short, value, alias, help, env }]) => {
    const spellings = [short === undefined ? undefined : `-${short}`, `--${name}`, alias && `--${alias}`];
    const left = `${spellings.filter((spelling) => spelling !== undefined).join(", ")}${value ? ` ${value}` : ""}`;
    return [left, env === undefined ? help : `${help} [env: ${env}]`] as const;
  });
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}

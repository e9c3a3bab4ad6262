import { CommandRefusal } from "./command_refusal.ts";
import { shown } from "./judge_options.ts";

/** A command within another's arguments. */
export interface Wrapped {
  readonly argv: readonly string[];
  /** Arguments are added that nobody has seen (`xargs`, find's `{}`). */
  readonly isOpen: boolean;
  readonly variables?: readonly (readonly [string, string])[];
}

interface Grammar {
  /** Options that stand alone. */
  readonly alone?: readonly string[];
  /** Options with a value: the next word, or the rest of a short one. */
  readonly valued?: readonly string[];
  /** Words before the command. */
  readonly operands?: number;
  readonly isOpen?: boolean;
  /** `NAME=value` may stand before the command. */
  readonly assigns?: boolean;
  /** What runs where no command is named. */
  readonly otherwise?: string;
}

const GRAMMARS: ReadonlyMap<string, Grammar> = new Map<string, Grammar>([
  ["env", { alone: ["-i", "-", "-0", "--ignore-environment", "--null"], valued: ["-u", "--unset"], assigns: true }],
  ["nice", { valued: ["-n", "--adjustment"] }],
  ["ionice", { alone: ["-t"], valued: ["-c", "-n", "--class", "--classdata"] }],
  ["nohup", {}],
  ["setsid", { alone: ["-w", "--wait", "-c", "--ctty"] }],
  ["stdbuf", { valued: ["-i", "-o", "-e", "--input", "--output", "--error"] }],
  ["time", { alone: ["-p", "-v", "--verbose", "--portability"], valued: ["-f", "--format"] }],
  ["timeout", {
    alone: ["--foreground", "--preserve-status", "-v", "--verbose"],
    valued: ["-s", "--signal", "-k", "--kill-after"],
    operands: 1,
  }],
  ["xargs", {
    alone: ["-0", "--null", "-r", "--no-run-if-empty", "-t", "--verbose", "-x", "--exit"],
    valued: [
      "-n",
      "-L",
      "-P",
      "-I",
      "-d",
      "-s",
      "--max-args",
      "--max-lines",
      "--max-procs",
      "--replace",
      "--delimiter",
    ],
    isOpen: true,
    otherwise: "echo",
  }],
  ["busybox", {}],
  ["toybox", {}],
]);

export function isWrapper(name: string): boolean {
  return grammarOf(name) !== undefined;
}

function grammarOf(name: string): Grammar | undefined {
  return GRAMMARS.get(name === "gtimeout" ? "timeout" : name === "genv" ? "env" : name);
}

/** The command that a wrapper such as `env` would run, or undefined if `name` is none. Throws CommandRefusal. */
export function wrapped(name: string, args: readonly string[]): Wrapped | undefined {
  const grammar = grammarOf(name);
  if (grammar === undefined) return undefined;
  let at = skipOptions(name, args, grammar);
  const variables: (readonly [string, string])[] = [];
  for (; grammar.assigns === true && /^[^=]+=/.test(args[at] ?? ""); at++) {
    const word = args[at] ?? "";
    variables.push([word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]);
  }
  at += grammar.operands ?? 0;
  const argv = args.slice(at);
  const { otherwise, isOpen = false } = grammar;
  if (argv.length > 0) return { argv, isOpen, variables };
  if (otherwise !== undefined) return { argv: [otherwise], isOpen };
  if (name === "env") return { argv: ["true"], isOpen, variables };
  throw new CommandRefusal(`${name} needs a command`);
}

function skipOptions(name: string, args: readonly string[], { alone = [], valued = [] }: Grammar): number {
  let at = 0;
  for (; args[at]?.startsWith("-") === true; at++) {
    const word = args[at] ?? "";
    if (word === "--") return at + 1;
    if (alone.includes(word)) continue;
    if (valued.includes(word)) {
      at++;
      continue;
    }
    const isJoined = valued.some((option) => word.startsWith(option.startsWith("--") ? `${option}=` : option));
    if (!isJoined) throw new CommandRefusal(`${name}'s option ${shown(word)} is not known here`);
  }
  return at;
}

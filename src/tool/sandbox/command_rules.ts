import { basename } from "node:path";
import { CommandRefusal } from "./command_refusal.ts";
import { shown } from "./judge_options.ts";
import { hasRules, judgeProgram } from "./judge_programs.ts";
import { HARMLESS_VARIABLES, UNJUDGED } from "./program_lists.ts";
import type { Command } from "./script.ts";

/** What the configuration says of commands. */
export interface CommandRules {
  /** `git`, `git status` (with these first arguments), `git *` (whatever its arguments). Empty: every command. */
  readonly allowed: readonly string[];
  /** Goes before `allowed`. */
  readonly denied: readonly string[];
  /** Nothing runs that is not in `allowed`, even if that is empty. */
  readonly isClosed: boolean;
  /** Variables that a command line may set, besides the harmless ones. */
  readonly variables: ReadonlySet<string>;
  /** Whether a kernel sandbox holds what runs: files that no argument names are out of its reach then. */
  readonly isConfined: boolean;
}

/** Where programs are. */
export interface Programs {
  /** The absolute path of what runs by `name`, which may be a path itself. */
  find(name: string): string | undefined;
  /** `path` without symbolic links; `path` where there are none. */
  real(path: string): string;
}

/** A command that may run: the program, and arguments as they have to be. */
export interface Approved {
  readonly program: string;
  readonly args: readonly string[];
}

/** Multi-call programs: their own name says nothing of what they do. */
const MULTI_CALL = new Set(["busybox", "toybox", "coreutils"]);
const MAX_DEPTH = 8;

/** Throws CommandRefusal unless `words`, patterns filled in, may run. */
export function judgeCommand(
  { variables, words }: { readonly variables: Command["variables"]; readonly words: readonly string[] },
  rules: CommandRules,
  programs: Programs,
): Approved {
  judgeVariables(variables, rules);
  return judgeWords(words, { rules, programs, depth: 0, isOpen: false });
}

interface Judging {
  readonly rules: CommandRules;
  readonly programs: Programs;
  readonly depth: number;
  readonly isOpen: boolean;
}

function judgeWords(words: readonly string[], judging: Judging): Approved {
  const { rules, programs, depth, isOpen } = judging;
  const [written = "", ...args] = words;
  if (depth > MAX_DEPTH) throw new CommandRefusal("its commands are wrapped too deeply");
  const program = programs.find(written);
  const real = program === undefined ? written : basename(programs.real(program));
  const name = nameOf(written, program, programs);
  const isListed = judgeLists({ name, real, written, args }, rules);
  if (program === undefined) throw new CommandRefusal(`there is no program ${shown(written)}`);
  if (isListed === "trusted") return { program, args };
  if (isListed === "open" && (UNJUDGED.has(name) || UNJUDGED.has(real))) {
    throw new CommandRefusal(`${shown(written)} runs what nobody can judge, so it has to stand in allowed_commands`);
  }
  const rule = hasRules(name) || MULTI_CALL.has(real) ? name : real;
  if (isOpen && (hasRules(rule) || MULTI_CALL.has(name) || !rules.isConfined)) {
    throw new CommandRefusal(`${shown(written)} would get arguments that nobody has seen`);
  }
  // Within another command nothing can be put before its arguments.
  const { inner, guard } = judgeProgram(rule, {
    args,
    real: depth === 0 ? real : "",
    isConfined: rules.isConfined,
  });
  for (const { argv, isOpen: isMore, variables = [] } of inner) {
    judgeVariables(variables, rules);
    judgeWords(argv, { rules, programs, depth: depth + 1, isOpen: isOpen || isMore });
  }
  return { program, args: [...guard, ...args] };
}

/** A path means the program of that name if it leads to the same file; else the path itself has to be listed. */
function nameOf(written: string, program: string | undefined, programs: Programs): string {
  if (!written.includes("/")) return written;
  const name = basename(written);
  const known = programs.find(name);
  return known !== undefined && program !== undefined && programs.real(known) === programs.real(program)
    ? name
    : written;
}

interface Asked {
  readonly name: string;
  readonly real: string;
  readonly written: string;
  readonly args: readonly string[];
}

function judgeLists({ name, real, written, args }: Asked, rules: CommandRules): "listed" | "trusted" | "open" {
  const names = [...new Set([name, written, real, basename(written)])];
  const denied = rules.denied.find((entry) => names.some((each) => matches(entry, [each, ...args])));
  if (denied !== undefined) throw new CommandRefusal(`${shown(denied)} is not allowed (denied_commands)`);
  const entries = rules.allowed.filter((entry) =>
    matches(entry, [name, ...args]) || matches(entry, [written, ...args])
  );
  if (entries.some((entry) => entry.endsWith(" *"))) return "trusted";
  if (entries.length > 0) return "listed";
  if (rules.allowed.length === 0 && !rules.isClosed) return "open";
  const allowed = rules.allowed.length === 0 ? "none is" : `allowed: ${rules.allowed.join(", ")}`;
  throw new CommandRefusal(`${shown(written)} is not allowed (${allowed})`);
}

function matches(entry: string, words: readonly string[]): boolean {
  const wanted = entry.trim().split(/\s+/).filter((word, at) => at === 0 || word !== "*");
  return wanted.every((word, at) => word === words[at]);
}

function judgeVariables(variables: Command["variables"], rules: CommandRules): void {
  for (const [name] of variables) {
    if (HARMLESS_VARIABLES.has(name) || rules.variables.has(name)) continue;
    throw new CommandRefusal(`the variable ${shown(name)} may not be set: it can change what programs run`);
  }
}

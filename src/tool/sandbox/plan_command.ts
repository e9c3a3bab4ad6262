import { bubblewrapArguments } from "./bubblewrap.ts";
import { checkArguments, checkFile } from "./check_paths.ts";
import { CommandRefusal } from "./command_refusal.ts";
import { type CommandRules, judgeCommand } from "./command_rules.ts";
import { fillPatterns } from "./fill_patterns.ts";
import type { Launch, Sink } from "./pipeline_worker.ts";
import { inGroup } from "./process_group.ts";
import { programsIn } from "./programs.ts";
import type { OpenSandbox } from "./sandbox.ts";
import type { Command, Redirect } from "./script.ts";

export interface Planning {
  readonly rules: CommandRules;
  readonly sandbox: OpenSandbox;
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** How a command is started. Throws CommandRefusal if it may not be. */
export function planCommand(command: Command, { rules, sandbox, cwd, variables }: Planning): Launch {
  const { territory, folders, confinement } = sandbox;
  const words = fillPatterns(command.words, namesBelow(cwd, sandbox));
  const { program, args } = judgeCommand({ variables: command.variables, words }, rules, programsIn(folders, cwd));
  checkArguments(words.slice(1), cwd, territory);
  for (const redirect of command.redirects) {
    if (redirect.how !== "copy" && redirect.file !== "/dev/null") checkFile(redirect.file, cwd, territory);
  }
  const own = { ...variables, ...Object.fromEntries(command.variables) };
  if (confinement === undefined) {
    return { program, args, cwd, variables: own, ...sinks(command.redirects) };
  }
  const confined = { program, args, cwd, variables: own, redirects: command.redirects };
  const { bubblewrap, group, limits } = confinement;
  const argv = [bubblewrap, ...bubblewrapArguments(confined, confinement)];
  const [first = "", ...rest] = group === undefined ? argv : inGroup(group, limits.processes, argv);
  return {
    program: first,
    args: rest,
    cwd: "/",
    // Its own environment can be read in the sandbox, in /proc/1.
    variables: {},
    output: "on",
    errors: "errors",
  };
}

/** Names that patterns can match: what is off limits is not there. */
function namesBelow(cwd: string, { territory }: OpenSandbox) {
  return (folder: string): readonly string[] => {
    const path = folder === "" ? cwd : `${cwd}/${folder}`;
    try {
      checkFile(path, cwd, { ...territory, isConfined: false });
      return [...Deno.readDirSync(path)].map(({ name }) => name).filter((name) => isOpen(`${path}/${name}`, territory));
    } catch {
      return [];
    }
  };
}

function isOpen(path: string, territory: OpenSandbox["territory"]): boolean {
  try {
    checkFile(path, territory.root, territory);
    return true;
  } catch {
    return false;
  }
}

/** Redirections without a kernel sandbox: opening a file here could follow a link that was swapped in meanwhile. */
function sinks(redirects: readonly Redirect[]): { readonly output: Sink; readonly errors: Sink } {
  let [output, errors]: [Sink, Sink] = ["on", "errors"];
  for (const redirect of redirects) {
    if (redirect.how !== "copy" && redirect.file !== "/dev/null") {
      const instead = redirect.how === "<" ? "name the file as an argument" : "write files with the file tools";
      throw new CommandRefusal(`only the kernel sandbox redirects to and from files; ${instead}`);
    }
    const sink: Sink = redirect.how !== "copy" ? "nowhere" : redirect.of === 1 ? output : errors;
    if (redirect.fd === 1) output = sink;
    if (redirect.fd === 2) errors = sink;
  }
  return { output, errors };
}

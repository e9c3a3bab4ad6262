import { checkFolder, type Territory } from "./check_paths.ts";
import { CommandRefusal } from "./command_refusal.ts";
import type { CommandRules } from "./command_rules.ts";
import { shown } from "./judge_options.ts";
import { createRunner, type Runner } from "./pipeline_runner.ts";
import { planCommand, type Planning } from "./plan_command.ts";
import { removeGroup } from "./process_group.ts";
import { MARK } from "./process_tree.ts";
import type { OpenSandbox, Sandbox } from "./sandbox.ts";
import type { Command, Script, Step } from "./script.ts";

export interface ScriptOptions {
  readonly rules: CommandRules;
  readonly sandbox: Sandbox;
  /** A folder for temporary files, gone after the call. */
  readonly scratch: string;
  /** From the working directory down; "" for itself. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onOutput: (on: "output" | "errors", bytes: Uint8Array) => Promise<void>;
}

/**
 * Runs a script to its end and gives the exit code of the last command that ran. Nothing starts before every command was
 * judged. Throws CommandRefusal, and what a Runner throws; nothing runs on then.
 */
export async function runScript(script: Script, options: ScriptOptions): Promise<number> {
  const { sandbox, scratch, signal, onOutput } = options;
  const open = sandbox.open(scratch);
  const mark = open.confinement === undefined ? crypto.randomUUID() : undefined;
  const planning = planningOf(options, open, mark);
  const programs = judgeAll(script, planning);
  const runner = createRunner({
    programs,
    limits: sandbox.limits,
    ...(mark === undefined ? {} : { mark }),
    onOutput,
  });
  try {
    return await runSteps(script, planning, { runner, signal, onOutput });
  } finally {
    await runner.close();
    if (open.confinement?.group !== undefined) await removeGroup(open.confinement.group);
  }
}

function planningOf({ rules, sandbox, scratch, folder }: ScriptOptions, open: OpenSandbox, mark?: string): Planning {
  const { root } = open.territory;
  return {
    rules,
    sandbox: open,
    cwd: folder === "" ? root : folderOf(folder, root, open.territory),
    variables: {
      PATH: open.folders.join(":"),
      HOME: mark === undefined ? "/tmp" : scratch,
      TMPDIR: mark === undefined ? "/tmp" : scratch,
      LANG: "C.UTF-8",
      PAGER: "cat",
      GIT_PAGER: "cat",
      // An editor would wait for somebody; this one leaves every text as it is.
      GIT_EDITOR: "true",
      GIT_TERMINAL_PROMPT: "0",
      GIT_CONFIG_NOSYSTEM: "1",
      // What a repository's hooks and monitors say runs only where the kernel holds it.
      ...(mark === undefined ? {} : { ...GIT_WITHOUT_PROGRAMS, [MARK]: mark }),
      ...sandbox.variables,
    },
  };
}

const GIT_SETTINGS = [
  ["core.hooksPath", "/dev/null"],
  ["core.fsmonitor", "false"],
  ["core.pager", "cat"],
  ["protocol.ext.allow", "never"],
] as const;

const GIT_WITHOUT_PROGRAMS: Readonly<Record<string, string>> = {
  GIT_CONFIG_COUNT: String(GIT_SETTINGS.length),
  ...Object.fromEntries(GIT_SETTINGS.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ])),
};

/** Throws CommandRefusal. */
function folderOf(folder: string, root: string, territory: Territory): string {
  const path = existing(folder, root, territory);
  if (path === undefined) throw new CommandRefusal(`there is no folder ${shown(folder)}`);
  return path;
}

/** The programs that are started. The folders of `cd` need not be there yet. */
function judgeAll(script: Script, planning: Planning): readonly string[] {
  const programs = new Set<string>();
  let { cwd } = planning;
  for (const { pipeline } of script) {
    const [first] = pipeline;
    if (isCd(first)) cwd = checkFolder(target(first), cwd, planning.sandbox.territory);
    else for (const command of pipeline) programs.add(planCommand(command, { ...planning, cwd }).program);
  }
  return [...programs];
}

interface Running {
  readonly runner: Runner;
  readonly signal: AbortSignal;
  readonly onOutput: ScriptOptions["onOutput"];
}

async function runSteps(script: Script, planning: Planning, { runner, signal, onOutput }: Running): Promise<number> {
  let { cwd } = planning;
  let code = 0;
  for (const { after, pipeline } of script) {
    signal.throwIfAborted();
    if (!isDue(after, code)) continue;
    const [first] = pipeline;
    if (isCd(first)) {
      const folder = existing(target(first), cwd, planning.sandbox.territory);
      code = folder === undefined ? 1 : 0;
      if (folder === undefined) await onOutput("errors", new TextEncoder().encode("cd: there is no such folder\n"));
      else cwd = folder;
      continue;
    }
    const launches = pipeline.map((command) => planCommand(command, { ...planning, cwd }));
    code = (await runner.run(launches, signal)).at(-1) ?? 0;
  }
  return code;
}

function isDue(after: Step["after"], code: number): boolean {
  return after === ";" || (after === "&&") === (code === 0);
}

function isCd({ words: [{ text }] }: Command): boolean {
  return text === "cd";
}

/** Throws CommandRefusal for what a shell's cd would do besides. */
function target({ words: [, folder, ...more], redirects, variables }: Command): string {
  if (folder === undefined || more.length > 0 || folder.pattern !== undefined || folder.text.startsWith("-")) {
    throw new CommandRefusal("cd takes one folder");
  }
  if (redirects.length > 0 || variables.length > 0) throw new CommandRefusal("cd takes a folder and nothing else");
  return folder.text;
}

function existing(path: string, cwd: string, territory: Territory): string | undefined {
  const folder = checkFolder(path, cwd, territory);
  try {
    return Deno.statSync(folder).isDirectory ? folder : undefined;
  } catch {
    return undefined;
  }
}

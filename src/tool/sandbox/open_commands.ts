import { resolve } from "node:path";
import type { ToolDeps } from "../tool.ts";
import type { CommandOptions } from "./command_options.ts";
import type { CommandRules } from "./command_rules.ts";
import { LEVELS } from "./level.ts";
import { DENIED_COMMANDS } from "./program_lists.ts";
import { createSandbox, type Sandbox } from "./sandbox.ts";

/** What runs commands of one configuration. */
export interface Commands {
  readonly rules: CommandRules;
  readonly sandbox: Sandbox;
  /** Absolute. */
  readonly root: string;
}

/** Throws Error where commands cannot be held as the configuration wants them held. */
export function openCommands(
  options: CommandOptions,
  { baseDir, protectedPaths }: Pick<ToolDeps, "baseDir" | "protectedPaths">,
): Commands {
  if (Deno.build.os === "windows") throw new Error("Cannot run commands: they run on Linux and macOS only");
  if (Deno.permissions.querySync({ name: "run" }).state !== "granted") {
    throw new Error("Cannot run commands: the server may not start programs (deno's --allow-run)");
  }
  const root = resolve(baseDir, options.working_directory);
  if (root === "/") throw new Error("Cannot run commands: their working directory is the whole machine");
  const { sandbox: own, max_execution_time: seconds } = options;
  const sandbox = createSandbox({
    workingFolder: root,
    protectedPaths,
    isEnabled: options.enable_sandboxing,
    bubblewrap: own.bubblewrap,
    readable: own.readable,
    path: Deno.env.get("PATH") ?? "/usr/bin:/bin",
    variables: options.env,
    limits: {
      seconds,
      processes: own.max_processes,
      memoryBytes: own.max_memory,
      fileBytes: own.max_file_size,
    },
  });
  if (LEVELS.indexOf(sandbox.level) < LEVELS.indexOf(own.require)) {
    throw new Error(
      `Cannot run commands in a sandbox of level "${own.require}": only "${sandbox.level}" is reached, ${sandbox.reason} ` +
        "(docs/sandbox.md; hector doctor tells what holds here)",
    );
  }
  return { root, sandbox, rules: rulesOf(options, sandbox.level !== "permissions") };
}

function rulesOf(options: CommandOptions, isConfined: boolean): CommandRules {
  const { allowed_commands: allowed, denied_commands: denied } = options;
  return {
    allowed,
    denied: denied ?? (allowed.length === 0 ? DENIED_COMMANDS : []),
    isClosed: options.deny_by_default,
    variables: new Set(Object.keys(options.env)),
    // Where sandboxing is switched off, nothing is looked for either.
    isConfined,
  };
}

import type { CommandOptions } from "./command_options.ts";
import type { Level } from "./level.ts";
import type { Commands } from "./open_commands.ts";

const SANDBOXES: Readonly<Record<Level, string>> = {
  kernel:
    "Sandbox: kernel. There is no network, /tmp is empty and gone afterwards, and only the working directory can be " +
    "changed.",
  permissions:
    "Sandbox: permissions. Arguments may not name anything outside of the working directory, and output goes " +
    "to no file but /dev/null: write files with the file tools.",
  none: "Sandbox: none.",
};

/** What a model is told of the tool: what it understands, what may run, and what holds it. */
export function describeCommands(options: CommandOptions, { rules, sandbox: { level } }: Commands): string {
  const allowed = rules.allowed.length > 0
    ? `Allowed: ${rules.allowed.join(", ")}.`
    : rules.isClosed
    ? "No command is allowed."
    : "";
  const denied = rules.denied.length > 0 ? `Not allowed: ${rules.denied.join(", ")}.` : "";
  return [
    "Run a command line in the working directory, without a shell. Understood are words, quotes, * ? [a-z] patterns, " +
    "pipelines, &&, ||, ;, cd, NAME=value, < > >> 2> 2>&1. Variables, substitutions, loops, here-documents and & are not.",
    `It is stopped after ${options.max_execution_time} s.`,
    allowed,
    denied,
    SANDBOXES[level],
  ].filter((sentence) => sentence !== "").join("\n");
}

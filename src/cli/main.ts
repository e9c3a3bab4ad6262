import { didYouMean } from "../lib/suggest.ts";
import { describeFlags, type Flags, parseArguments, UsageError } from "./arguments.ts";
import type { Command, Surroundings } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { EXIT, type ExitCode } from "./exit_codes.ts";
import { report } from "./report.ts";

const COMMON: Flags = { help: { type: "boolean", short: "h", help: "Show this help" } };

/** Runs one command line to its end. Throws nothing: whatever goes wrong is a message on stderr and an exit code. */
export async function runCli(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  try {
    return await dispatch(argv, surroundings);
  } catch (thrown) {
    return report(thrown, surroundings.terminal);
  }
}

async function dispatch(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { terminal, env } = surroundings;
  const [name = "help", ...rest] = argv;
  if (name === "help" || name === "--help" || name === "-h") return await help(rest[0], surroundings);
  const command = await load(name === "--version" || name === "-v" ? "version" : name);
  const args = parseArguments(rest, { ...command.flags, ...COMMON }, env);
  if (args.booleans.get("help") === true) {
    terminal.out(commandHelp(name, command));
    return EXIT.ok;
  }
  return await command.run(args, surroundings);
}

async function load(name: string): Promise<Command> {
  const listed = COMMANDS.get(name);
  if (listed !== undefined) return await listed.load();
  throw new UsageError(`Unknown command "${name}"${didYouMean(name, COMMANDS.keys())}\nSee hector help.`);
}

async function help(name: string | undefined, { terminal }: Surroundings): Promise<ExitCode> {
  terminal.out(name === undefined ? overview() : commandHelp(name, await load(name)));
  return EXIT.ok;
}

function overview(): string {
  const width = Math.max(...[...COMMANDS.keys()].map((name) => name.length));
  const rows = [...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `hector turns a YAML file into running AI agents and serves them over A2A.

Usage: hector COMMAND [ARGUMENTS]

Commands:
${rows.join("\n")}

hector help COMMAND shows a command's flags and examples.
Without a configuration, hector serve starts one agent on the provider whose key it finds.
`;
}

function commandHelp(name: string, { summary, usage, flags, examples }: Command): string {
  return `${summary}

Usage: hector ${name}${usage === "" ? "" : ` ${usage}`}

Flags:
${describeFlags({ ...flags, ...COMMON })}

Examples:
${examples.map((example) => `  ${example}`).join("\n")}
`;
}

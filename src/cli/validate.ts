import { ConfigError, type Problem } from "../config/config_error.ts";
import { type Arguments, UsageError } from "./arguments.ts";
import type { Command, Surroundings } from "./command.ts";
import { EXIT } from "./exit_codes.ts";
import { OUTPUT, outputOf, printJson } from "./output.ts";
import { readSetup } from "./setup.ts";

interface Verdict {
  readonly file: string;
  readonly agents: readonly string[];
  readonly problems: readonly Problem[];
}

export const validate: Command = {
  summary: "Check configuration files",
  usage: "FILE… [-o json]",
  flags: { config: { type: "string", short: "c", value: "FILE", help: "Another way to name a file" }, output: OUTPUT },
  examples: ["hector validate agents.yaml", "hector validate configs/*.yaml -o json"],
  async run(args, surroundings) {
    const { terminal } = surroundings;
    const output = outputOf(args);
    const named = args.strings.get("config");
    const files = [...named === undefined ? [] : [named], ...args.positionals];
    if (files.length === 0) throw new UsageError("Nothing to check: write hector validate FILE");
    const verdicts: Verdict[] = [];
    for (const file of files) verdicts.push(await check(file, args, surroundings));
    const valid = verdicts.every(({ problems }) => problems.length === 0);
    if (output === "json") printJson(terminal, { valid, files: verdicts });
    else for (const verdict of verdicts) tell(verdict, surroundings);
    return valid ? EXIT.ok : EXIT.configuration;
  },
};

async function check(file: string, args: Arguments, surroundings: Surroundings): Promise<Verdict> {
  try {
    const { config } = await readSetup({ ...args, typed: new Set() }, surroundings, file);
    return { file, agents: [...config.agents.keys()], problems: [] };
  } catch (thrown) {
    if (thrown instanceof ConfigError) return { file, agents: [], problems: thrown.problems };
    throw thrown;
  }
}

function tell({ file, agents, problems }: Verdict, { terminal }: Surroundings): void {
  if (problems.length === 0) terminal.out(`${file}: valid, ${count(agents.length, "agent")}: ${agents.join(", ")}\n`);
  else terminal.err(`${new ConfigError(problems).message}\n`);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

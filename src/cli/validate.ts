import { type Arguments, UsageError } from "./arguments.ts";
import type { Command } from "./command.ts";
import { EXIT } from "./exit_codes.ts";
import { readVerdict } from "./read_verdict.ts";
import { formatOf, printVerdicts, type Verdict } from "./verdicts.ts";

export const validate: Command = {
  summary: "Check configuration files",
  usage: "FILE… [--explain | --print] [--format FORMAT]",
  flags: {
    config: { type: "string", short: "c", value: "FILE", help: "Another way to name a file" },
    explain: { type: "boolean", help: "Tell what older spellings are read as" },
    print: { type: "boolean", help: "Print the file in its newest spelling; variables stay as they are" },
    output: { type: "string", short: "o", value: "FORMAT", help: "text (default) or json" },
    format: { type: "string", value: "FORMAT", help: "text (default), json, sarif or github" },
  },
  examples: [
    "hector validate agents.yaml",
    "hector validate configs/*.yaml conf.d --format github",
    "hector validate --explain old.yaml",
    "hector validate --print old.yaml > new.yaml",
  ],
  async run(args, surroundings) {
    const named = args.strings.get("config");
    const files = [...named === undefined ? [] : [named], ...args.positionals];
    if (files.length === 0) throw new UsageError("Nothing to check: write hector validate FILE");
    const format = formatOf(args);
    const isPrinted = args.booleans.get("print") === true;
    if (isPrinted && (files.length > 1 || format !== "text" || isExplained(args))) {
      throw new UsageError("hector validate --print prints one file, and nothing else");
    }
    const verdicts: Verdict[] = [];
    for (const file of files) verdicts.push(await readVerdict(file, surroundings));
    const [first] = verdicts;
    const isValid = verdicts.every(({ problems }) => problems.length === 0);
    if (isPrinted && isValid) surroundings.terminal.out(first?.canonical ?? "");
    else printVerdicts(verdicts, { format, isExplained: isExplained(args) }, surroundings.terminal);
    return isValid ? EXIT.ok : EXIT.configuration;
  },
};

function isExplained({ booleans }: Arguments): boolean {
  return booleans.get("explain") === true;
}

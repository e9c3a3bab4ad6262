import { ConfigError, type Position, type Problem } from "../config/config_error.ts";
import { VERSION } from "../lib/version.ts";
import { type Arguments, UsageError } from "./arguments.ts";
import { printJson } from "./output.ts";
import type { Terminal } from "./terminal.ts";

/** An older spelling that was found, and what it was read as. */
export interface Move {
  readonly file: string;
  readonly position: Position;
  readonly from: string;
  readonly to: string;
}

/** What came of checking one configuration. */
export interface Verdict {
  /** As it was named on the command line. */
  readonly file: string;
  readonly agents: readonly string[];
  readonly problems: readonly Problem[];
  readonly moves: readonly Move[];
  /** In the newest spelling; absent for one that is not valid. */
  readonly canonical?: string;
}

const FORMATS = ["text", "json", "sarif", "github"] as const;
export type Format = (typeof FORMATS)[number];

/** Of `--format`, or else of `-o`. Throws UsageError. */
export function formatOf({ strings }: Arguments): Format {
  const [flag, named] = strings.has("format") ? ["format", strings.get("format")] : ["output", strings.get("output")];
  const format = FORMATS.find((format) => format === (named ?? "text"));
  if (format !== undefined) return format;
  throw new UsageError(`Flag "--${flag}" takes text, json, sarif or github: found "${named}"`);
}

export interface Printing {
  readonly format: Format;
  /** Tell of older spellings, too. */
  readonly isExplained: boolean;
}

export function printVerdicts(verdicts: readonly Verdict[], { format, isExplained }: Printing, to: Terminal): void {
  switch (format) {
    case "text":
      return verdicts.forEach((verdict) => printText(verdict, isExplained, to));
    case "json":
      return printJson(to, toJson(verdicts, isExplained));
    case "sarif":
      return printJson(to, toSarif(verdicts));
    case "github":
      return to.out(verdicts.flatMap(({ problems }) => problems.map(toCommand)).join(""));
    default:
      throw new TypeError(`Cannot print verdicts: the format is ${format satisfies never}`);
  }
}

function printText({ file, agents, problems, moves }: Verdict, isExplained: boolean, { out, err }: Terminal): void {
  const spelled = isExplained
    ? moves.map(({ file, position, from, to }) => `${file}:${position.line}:${position.column} ${from} → ${to}\n`)
    : [];
  out(spelled.join(""));
  if (problems.length > 0) return err(`${new ConfigError(problems).message}\n`);
  const older = moves.length === 0 || isExplained ? "" : `; ${count(moves.length, "older spelling")} (--explain tells)`;
  out(`${file}: valid, ${count(agents.length, "agent")}: ${agents.join(", ")}${older}\n`);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function toJson(verdicts: readonly Verdict[], isExplained: boolean): unknown {
  const files = verdicts.map(({ file, agents, problems, moves }) => ({
    file,
    agents,
    problems,
    ...(isExplained ? { moves } : {}),
  }));
  return { valid: files.every(({ problems }) => problems.length === 0), files };
}

const RULE = "configuration";

/** SARIF 2.1.0, which code scanners show at the lines that it names. */
function toSarif(verdicts: readonly Verdict[]): unknown {
  const results = verdicts.flatMap(({ problems }) => problems).map((problem) => ({
    ruleId: RULE,
    level: "error",
    message: { text: textOf(problem) },
    locations: [{
      physicalLocation: {
        artifactLocation: { uri: encodeURI(problem.file) },
        ...(problem.position === undefined
          ? {}
          : { region: { startLine: problem.position.line, startColumn: problem.position.column } }),
      },
    }],
  }));
  const rules = [{ id: RULE, shortDescription: { text: "A configuration that hector cannot use" } }];
  const driver = { name: "hector", version: VERSION, rules };
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver }, columnKind: "utf16CodeUnits", results }],
  };
}

function textOf({ path, message }: Problem): string {
  return path === "" ? message : `${path}: ${message}`;
}

/** A workflow command of GitHub Actions, which becomes an annotation of the line. */
function toCommand(problem: Problem): string {
  const { file, position } = problem;
  const place = position === undefined ? "" : `,line=${position.line},col=${position.column}`;
  return `::error file=${escapeProperty(file)}${place}::${escapeData(textOf(problem))}\n`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

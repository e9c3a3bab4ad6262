import { isRecord } from "../lib/json.ts";
import { A2AError } from "../a2a/errors.ts";
import { readConfigFile } from "../config/sources/file.ts";
import { type Arguments, type Flags, UsageError } from "./arguments.ts";
import { CLIENT_FLAGS } from "./client_flags.ts";
import type { Command, Surroundings } from "./command.ts";
import { EXIT, type ExitCode } from "./exit_codes.ts";
import { OUTPUT, outputOf, printJson } from "./output.ts";
import { askServer, DEFAULT_SERVER, parse } from "./ask_server.ts";

const FLAGS: Flags = {
  server: {
    type: "string",
    alias: "url",
    value: "URL",
    env: "HECTOR_URL",
    help: `The running server (${DEFAULT_SERVER})`,
  },
  ...CLIENT_FLAGS,
  output: OUTPUT,
};

type Action = (args: Arguments, surroundings: Surroundings, rest: readonly string[]) => Promise<void>;

const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ["show", show],
  ["state", state],
  ["history", history],
  ["diff", diff],
  ["rollback", rollback],
]);

/** The configuration of a running server, for operators: it needs `server.studio` there. */
export const config: Command = {
  summary: "Look at a running server's configuration, compare it, go back",
  usage: "show | state | history | diff FILE|REVISION | rollback REVISION [--server URL]",
  flags: FLAGS,
  examples: [
    "hector config history --server http://localhost:8080",
    "hector config diff agents.yaml",
    "hector config rollback 58f856dd49a6",
  ],
  async run(args, surroundings): Promise<ExitCode> {
    const [name = "", ...rest] = args.positionals;
    const action = ACTIONS.get(name);
    if (action === undefined) {
      throw new UsageError(`What about the configuration? Write one of ${[...ACTIONS.keys()].join(", ")}`);
    }
    await action(args, surroundings, rest);
    return EXIT.ok;
  },
};

async function show(args: Arguments, { terminal }: Surroundings): Promise<void> {
  terminal.out(await askServer(args, "/api/config"));
}

async function state(args: Arguments, { terminal }: Surroundings): Promise<void> {
  printJson(terminal, await json(args, "/api/config/state"));
}

async function history(args: Arguments, { terminal }: Surroundings): Promise<void> {
  const { revisions } = await json(args, "/api/config/history");
  if (outputOf(args) === "json") return printJson(terminal, { revisions });
  for (const { revision, at, isCurrent } of rowsOf(revisions)) {
    terminal.out(`${isCurrent === true ? "*" : " "} ${String(revision).slice(0, 12)}  ${at}\n`);
  }
}

async function diff(args: Arguments, { terminal, cwd }: Surroundings, rest: readonly string[]): Promise<void> {
  const what = onlyOne(rest, "Compare with what? Write hector config diff FILE, or a revision");
  const text = await textOf(what, cwd);
  const { changes } = text === undefined
    ? await json(args, `/api/config/diff/${encodeURIComponent(what)}`)
    : await json(args, "/api/config/diff", { method: "POST", type: "application/yaml", body: text, file: what });
  if (outputOf(args) === "json") return printJson(terminal, { changes });
  const rows = rowsOf(changes);
  if (rows.length === 0) terminal.out("nothing differs\n");
  for (const { path, before, after, needsRestart } of rows) {
    terminal.out(`${path}${needsRestart === true ? " (needs a restart)" : ""}\n`);
    if (before !== undefined) terminal.out(`  - ${JSON.stringify(before)}\n`);
    if (after !== undefined) terminal.out(`  + ${JSON.stringify(after)}\n`);
  }
}

async function rollback(args: Arguments, { terminal }: Surroundings, rest: readonly string[]): Promise<void> {
  const revision = onlyOne(
    rest,
    "Back to what? Write hector config rollback REVISION (hector config history tells them)",
  );
  const body = JSON.stringify({ revision });
  const answer = await json(args, "/api/config/rollback", { method: "POST", type: "application/json", body });
  if (outputOf(args) === "json") return printJson(terminal, answer);
  const reload = isRecord(answer.reload) ? answer.reload : {};
  terminal.out(
    `${reload.outcome === "applied" ? "serves" : "serves already"} ${String(reload.revision).slice(0, 12)}, ` +
      "until the source of the configuration changes\n",
  );
}

function onlyOne([one, ...others]: readonly string[], otherwise: string): string {
  if (one === undefined || others.length > 0) throw new UsageError(otherwise);
  return one;
}

/** The text of a file; undefined for what is no file and may be a revision. Throws ConfigError. */
async function textOf(path: string, cwd: string): Promise<string | undefined> {
  try {
    return (await readConfigFile({ path, directory: cwd, standardInput: Deno.stdin.readable })).text;
  } catch (thrown) {
    if (/^[0-9a-f]{4,64}$/.test(path)) return undefined;
    throw thrown;
  }
}

async function json(...ask: Parameters<typeof askServer>): Promise<Readonly<Record<string, unknown>>> {
  const answer = parse(await askServer(...ask));
  if (isRecord(answer)) return answer;
  throw new A2AError("INTERNAL", "The server answered with something else than JSON of its own");
}

function rowsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

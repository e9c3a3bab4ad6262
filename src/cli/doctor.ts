import { dirname } from "node:path";
import { examineSandbox, type SandboxReport } from "../app/examine_sandbox.ts";
import { PLUGIN_TABLES } from "../app/runtime.ts";
import { ConfigError } from "../config/config_error.ts";
import { VERSION } from "../lib/version.ts";
import { type Arguments, UsageError } from "./arguments.ts";
import type { Command, Surroundings } from "./command.ts";
import { EXIT } from "./exit_codes.ts";
import { missingPlaces } from "./missing_places.ts";
import { OUTPUT, outputOf, printJson } from "./output.ts";
import { dataFolder, readSetup, type Setup, SETUP_FLAGS } from "./setup.ts";
import { printable, type Terminal } from "./terminal.ts";

/** One thing that was looked at. `bad`: hector cannot serve so; `weak`: it can, with less than it could have. */
export interface Finding {
  readonly name: string;
  readonly state: "ok" | "weak" | "bad";
  readonly says: string;
}

export const doctor: Command = {
  summary: "Look at this machine and the configuration: what works, and how well",
  usage: "[--config FILE] [-o json]",
  flags: {
    output: OUTPUT,
    bubblewrap: { type: "string", value: "PATH", help: "Where bubblewrap is, if not on PATH" },
    ...SETUP_FLAGS,
  },
  examples: ["hector doctor", "hector doctor --config agents.yaml -o json"],
  async run(args, surroundings) {
    const { terminal } = surroundings;
    const output = outputOf(args);
    if (args.positionals.length > 0) throw new UsageError("hector doctor takes its configuration with --config");
    const setup = await setupOf(args, surroundings);
    const sandbox = await sandboxOf(args.strings.get("bubblewrap"));
    const findings = [
      setup.finding,
      keysOf(setup.setup?.env ?? surroundings.env),
      await storeOf(setup.setup, surroundings),
      ...await missingOf(setup.setup),
      ...portsOf(setup.setup),
      sandbox.finding,
    ];
    const about = { hector: VERSION, deno: Deno.version.deno, os: Deno.build.os, arch: Deno.build.arch };
    if (output === "json") printJson(terminal, { ...about, findings, sandbox: sandbox.report ?? null });
    else print(terminal, about, { findings, report: sandbox.report });
    if (setup.setup === undefined) return EXIT.configuration;
    return findings.some(({ state }) => state === "bad") ? EXIT.failure : EXIT.ok;
  },
};

async function setupOf(args: Arguments, surroundings: Surroundings): Promise<{ finding: Finding; setup?: Setup }> {
  const name = "configuration";
  try {
    const setup = await readSetup(args, surroundings);
    const agents = [...setup.config.agents.keys()].join(", ");
    return { setup, finding: { name, state: "ok", says: `${setup.origin}: ${agents}` } };
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    return { finding: { name, state: "bad", says: thrown.message } };
  }
}

/** Names of variables only. */
function keysOf(env: (name: string) => string | undefined): Finding {
  const known = [...new Set([...PLUGIN_TABLES.models.values()].flatMap(({ credentials }) => credentials))];
  const set = known.filter((name) => (env(name) ?? "") !== "");
  if (set.length > 0) return { name: "provider keys", state: "ok", says: `${set.join(", ")} set` };
  return { name: "provider keys", state: "weak", says: `none is set (${known.join(", ")}): the demo model answers` };
}

async function storeOf(setup: Setup | undefined, { env, cwd }: Surroundings): Promise<Finding> {
  const folder = dataFolder(setup?.env ?? env, cwd);
  const place = await existingParent(folder);
  try {
    await Deno.remove(await Deno.makeTempFile({ dir: place, prefix: ".hector-doctor-" }));
    return { name: "store", state: "ok", says: `${folder} can be written` };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.name : String(thrown);
    return { name: "store", state: "bad", says: `${folder} cannot be written: ${why}` };
  }
}

async function missingOf(setup: Setup | undefined): Promise<Finding[]> {
  const missing = setup === undefined ? [] : await missingPlaces(setup.config);
  return missing.map(({ kind, path: name, named }) => {
    const says = kind === "tool" ? `there is no file "${named}"` : `there is no folder "${named}"`;
    return { name, state: "weak", says };
  });
}

async function existingParent(path: string): Promise<string> {
  for (let at = path;; at = dirname(at)) {
    try {
      if ((await Deno.stat(at)).isDirectory || at === dirname(at)) return at;
    } catch {
      if (at === dirname(at)) return at;
    }
  }
}

function portsOf(setup: Setup | undefined): Finding[] {
  if (setup === undefined) return [];
  const { host, port, grpc_port: grpcPort } = setup.config.server;
  const ports = [port, ...(typeof grpcPort === "number" && grpcPort !== port ? [grpcPort] : [])];
  return ports.filter((each) => each !== 0).map((each) => portOf(host, each));
}

function portOf(hostname: string, port: number): Finding {
  const name = `port ${port}`;
  try {
    Deno.listen({ hostname, port }).close();
    return { name, state: "ok", says: `free on ${hostname}` };
  } catch (thrown) {
    if (thrown instanceof Deno.errors.AddrInUse) {
      return { name, state: "weak", says: `in use on ${hostname}: by a hector that runs already?` };
    }
    return { name, state: "bad", says: `${hostname} cannot be listened on: ${String(thrown)}` };
  }
}

async function sandboxOf(bubblewrap: string | undefined): Promise<{ finding: Finding; report?: SandboxReport }> {
  const name = "command sandbox";
  try {
    const report = await examineSandbox(bubblewrap);
    const isWhole = report.level === "kernel" && report.held.every(({ isHeld }) => isHeld);
    const says = report.reason === undefined ? report.level : `${report.level}: ${report.reason}`;
    return { report, finding: { name, state: isWhole ? "ok" : "weak", says } };
  } catch (thrown) {
    const says = thrown instanceof Error ? thrown.message : String(thrown);
    return { finding: { name, state: "weak", says } };
  }
}

interface Found {
  readonly findings: readonly Finding[];
  readonly report?: SandboxReport | undefined;
}

function print(terminal: Terminal, about: Readonly<Record<string, string>>, { findings, report }: Found): void {
  const rows = findings.map(({ name, state, says }) => [state, name, says]);
  for (const { what, isHeld } of report?.held ?? []) {
    rows.push(["", "", `${isHeld ? "out of reach" : "in reach"}: ${what}`]);
  }
  const { hector, deno, os, arch } = about;
  terminal.out(`hector ${hector} (deno ${deno}, ${os} ${arch})\n\n`);
  const width = Math.max(...rows.map(([, name = ""]) => name.length));
  for (const [state = "", name = "", says = ""] of rows) {
    terminal.out(`${state.padEnd(4)}  ${name.padEnd(width)}  ${printable(says)}\n`);
  }
}

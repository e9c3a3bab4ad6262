import { parseArgs } from "node:util";
import { basename, join, resolve } from "node:path";
import { type Kit, KITS, type Profile } from "./kits.ts";
import { readReports, summaryOf } from "./kit_report.ts";

/*
 * Runs one of A2A's own conformance kits against servers of its own, one for each profile: docs/conformance.md. The kit is
 * not part of this repository; `--kit` is a copy of its branch. Ends with the kit's verdict: 0, or 1 if anything failed.
 */

const ROOT = resolve(import.meta.dirname ?? ".", "../..");
const USAGE =
  "deno task tck --kit FOLDER [--version 1.0|0.3] [--transports jsonrpc,rest,grpc] [--profile NAME,…] [--only WORDS]";

/** A Python with what the kit needs, made beside the kit the first time. */
async function pythonOf(folder: string, { packages }: Kit): Promise<string> {
  const venv = join(folder, ".venv-hector");
  const python = join(venv, "bin", "python");
  const isThere = await Deno.stat(join(venv, "ready")).then(() => true, () => false);
  if (isThere) return python;
  await command("python3", ["-m", "venv", venv]);
  await command(python, ["-m", "pip", "install", "--quiet", ...packages]);
  await Deno.writeTextFile(join(venv, "ready"), packages.join("\n"));
  return python;
}

async function command(program: string, args: readonly string[], cwd?: string): Promise<boolean> {
  console.log(`$ ${[basename(program), ...args].join(" ")}`);
  const options = { args: [...args], ...(cwd === undefined ? {} : { cwd }), env: { TCK_STREAMING_TIMEOUT: "5" } };
  return (await new Deno.Command(program, options).spawn().status).success;
}

interface Served {
  readonly url: string;
  stop(): Promise<void>;
}

/** The program as a user starts it, on free ports; resolves when it has told where it is. */
async function serve({ configs }: Profile): Promise<Served> {
  const config = configs.map((path) => join(ROOT, path)).join(",");
  const args = ["run", "-A", join(ROOT, "main.ts"), "serve", "--config", config, "--port", "0"];
  const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped" }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream());
  let told = "";
  let url: string | undefined;
  for await (const text of lines.values({ preventCancel: true })) {
    told += text;
    url = /^\s+server\s+(\S+)/m.exec(told)?.[1];
    if (url !== undefined) break;
  }
  if (url === undefined) throw new Error(`The server did not start:\n${told}`);
  // What it says later must not fill the pipe.
  const rest = lines.pipeTo(new WritableStream());
  const stop = async () => {
    child.kill("SIGTERM");
    await Promise.all([child.status, rest]);
  };
  return { url, stop };
}

const { values } = parseArgs({
  options: {
    kit: { type: "string" },
    version: { type: "string", default: "1.0" },
    transports: { type: "string" },
    profile: { type: "string" },
    only: { type: "string" },
  },
});
const kit = KITS.get(values.version);
const names = values.profile?.split(",") ?? [...kit?.profiles.keys() ?? []];
if (values.kit === undefined || kit === undefined || names.some((name) => !kit.profiles.has(name))) {
  console.error(USAGE);
  Deno.exit(2);
}
const folder = resolve(values.kit);
const python = await pythonOf(folder, kit);
const reports = await Deno.makeTempDir();
const verdicts: [name: string, passed: boolean][] = [];
for (const [profileName, profile] of kit.profiles) {
  if (!names.includes(profileName)) continue;
  const served = await serve(profile);
  const transports = values.transports?.split(",") ?? kit.transports;
  const report = join(reports, `${profileName}.json`);
  try {
    for (const { name, args } of kit.runs({ url: served.url, transports, profile, report })) {
      const only = values.only === undefined ? [] : ["-k", values.only];
      const pytest = ["-m", "pytest", "-q", "--tb=line", "-rs", "-p", "no:cacheprovider", ...args, ...only];
      verdicts.push([`${name}, ${profileName}`, await command(python, pytest, folder)]);
    }
  } finally {
    await served.stop();
  }
}
console.log(summaryOf(await readReports(reports)));
await Deno.remove(reports, { recursive: true });
for (const [name, passed] of verdicts) console.log(`${passed ? "passed" : "FAILED"}  ${name}`);
Deno.exit(verdicts.every(([, passed]) => passed) ? 0 : 1);

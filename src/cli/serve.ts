import type { HttpServer } from "../app/serve_http.ts";
import type { Config } from "../config/config.ts";
import { shortRevision } from "../config/revision.ts";
import { VERSION } from "../lib/version.ts";
import { type Arguments, UsageError } from "./arguments.ts";
import type { Command, Surroundings } from "./command.ts";
import { EXIT, type ExitCode } from "./exit_codes.ts";
import { missingPlaces } from "./missing_places.ts";
import { run, type Running, stderrLog } from "./process.ts";
import { SERVER_FLAGS, withServeFlags } from "./serve_flags.ts";
import { readSetup, type Setup, SETUP_FLAGS } from "./setup.ts";
import { watchConfig } from "./watch_config.ts";

const STORE_FILE = "hector.db";
/** How long the last answers may take to leave, after everything is recorded. */
const LAST_ANSWERS_MS = 3_000;

export const serve: Command = {
  summary: "Serve agents over A2A",
  usage: "[FILE | AGENT] [--config FILE] [--port PORT] [--host ADDRESS]",
  flags: {
    ...SETUP_FLAGS,
    ...SERVER_FLAGS,
    "config-watch": {
      type: "boolean",
      alias: "watch",
      help: "Serve what the configuration comes to be, without a restart (SIGHUP: look once)",
    },
    "log-format": { type: "string", value: "FORMAT", env: "LOG_FORMAT", help: "text (default) or json" },
  },
  examples: [
    "hector serve",
    "hector serve agents.yaml",
    "hector serve --config agents.yaml --port 9000",
    "hector serve --demo agents.yaml",
  ],
  async run(args, surroundings) {
    const { file, agent } = target(args);
    const setup = withServeFlags(await readSetup(args, surroundings, file), args, agent);
    return await serveUntilStopped(setup, args, surroundings);
  },
};

/** `serve X`: a configuration if it looks like one or is a file, else an agent's name. */
function target({ positionals, strings }: Arguments): { readonly file?: string; readonly agent?: string } {
  const [name, ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`Cannot serve ${positionals.length} things at once: give one file`);
  if (name === undefined) return {};
  if (!/\.(ya?ml|json)$/.test(name) && name !== "-" && !isFile(name)) return { agent: name };
  if (strings.has("config")) throw new UsageError(`Both "${name}" and --config name a file: give one`);
  return { file: name };
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function logFormat({ strings }: Arguments): "text" | "json" {
  const format = strings.get("log-format") ?? "text";
  if (format === "text" || format === "json") return format;
  throw new UsageError(`Flag "--log-format" takes text or json: found "${format}"`);
}

async function serveUntilStopped(setup: Setup, args: Arguments, surroundings: Surroundings): Promise<ExitCode> {
  const log = stderrLog(surroundings, logFormat(args));
  const opening = run(setup, surroundings, { log, file: STORE_FILE });
  const [running, { serveHttp }] = await Promise.all([opening, import("../app/serve_http.ts")]);
  const state: { unready?: string } = {};
  let http: HttpServer;
  try {
    http = await serveHttp({ ...running, unreadyBecause: () => state.unready ?? running.trouble() });
  } catch (thrown) {
    await running.stop(AbortSignal.abort());
    throw thrown;
  }
  // Before anybody can know that there is something to stop.
  const signals = stopSignals();
  const revision = shortRevision(running.house.revision);
  surroundings.terminal.out(greeting(setup, running, { ...http, revision }));
  for (const { kind, path, named } of await missingPlaces(setup.config)) {
    if (kind === "tool") log.warn("a tool is missing: there is no such file", { at: path, file: named });
    else log.warn("there are no documents: the folder is missing", { at: path, folder: named });
  }
  const watching = new AbortController();
  watchConfig(setup, running, {
    signal: watching.signal,
    isWatched: args.booleans.get("config-watch") === true,
  });
  running.house.recover().catch((error) => log.error("could not take up the tasks of an earlier process", { error }));
  await signals.first;
  watching.abort();
  state.unready = "stopping";
  http.drainGrpc();
  const { drain_timeout_seconds } = setup.config.server;
  surroundings.terminal.err(
    `stopping: open tasks go on at the next start; what is under way may end within ${drain_timeout_seconds} s, ` +
      "or now if asked again\n",
  );
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), drain_timeout_seconds * 1000);
  const hurried = signals.second.then(() => deadline.abort());
  await running.stop(deadline.signal);
  clearTimeout(timer);
  // A client that left in the middle of a request may never be noticed (Deno.serve), and must not keep us.
  const patience = new Promise((resolve) => setTimeout(resolve, LAST_ANSWERS_MS));
  await Promise.race([http.stop(deadline.signal), hurried, patience]);
  return EXIT.ok;
}

/** The first SIGTERM or SIGINT asks to stop, the second to hurry. Listened to without a gap between the two. */
function stopSignals(): { readonly first: Promise<void>; readonly second: Promise<void> } {
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  let asked = 0;
  const handler = () => (++asked === 1 ? first : second).resolve();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, handler);
  return { first: first.promise, second: second.promise };
}

interface Served extends Pick<HttpServer, "publicUrl" | "grpcAddress"> {
  readonly revision: string;
}

function greeting(
  { config, origin, why }: Setup,
  { runtime }: Running,
  { publicUrl, grpcAddress, revision }: Served,
): string {
  const { default_agent, auth } = config.server;
  const asksWho = auth?.enabled === true && auth.required;
  const agents = [...config.agents].map(([id, { type, llm, visibility }]) =>
    `${id} (${llm === undefined ? type : modelOf(config, llm)}${visibility === "public" ? "" : `, ${visibility}`})`
  );
  const body = JSON.stringify({ message: { role: "user", parts: [{ text: "Hello" }] } });
  const [header, variable] = asksWho ? [` -H "Authorization: Bearer $HECTOR_TOKEN"`, "HECTOR_TOKEN=… "] : ["", ""];
  return `hector ${VERSION}
${why === undefined ? "" : `${why}\n`}  config   ${origin} (revision ${revision})
  agents   ${agents.join(", ")}
  store    ${runtime.store.place}
  server   ${publicUrl}
${grpcAddress === undefined ? "" : `  grpc     ${grpcAddress}\n`}  card     ${publicUrl}/.well-known/agent-card.json

Try it:
  curl -s ${publicUrl}/v1/agents/${default_agent}/message:send${header} -H 'Content-Type: application/json' -d '${body}'
  ${variable}hector call "Hello" --server ${publicUrl}
`;
}

function modelOf({ llms }: Config, name: string): string {
  const llm = llms.get(name);
  const model = llm?.options.model;
  return typeof model === "string" ? `${llm?.provider} ${model}` : llm?.provider ?? name;
}

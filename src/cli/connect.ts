import type { A2AClient } from "../a2a/client/create_client.ts";
import { AgentCard } from "../a2a/card/card_types.ts";
import { A2AError } from "../a2a/errors.ts";
import { fromRestError } from "../a2a/error_wire.ts";
import { type A2AService, ANONYMOUS, type Call } from "../a2a/service.ts";
import { openClient } from "../app/open_client.ts";
import { isRecord } from "../lib/json.ts";
import { SILENT } from "../lib/log.ts";
import { didYouMean } from "../lib/suggest.ts";
import { type Arguments, type Flags, UsageError } from "./arguments.ts";
import type { Surroundings } from "./command.ts";
import { run } from "./process.ts";
import { readSetup, SETUP_FLAGS } from "./setup.ts";

/** Which agents a command talks to: those of a server, or those of a configuration in this process. */
export const CONNECT_FLAGS: Flags = {
  server: { type: "string", value: "URL", alias: "url", env: "HECTOR_URL", help: "Talk to this server" },
  ...SETUP_FLAGS,
};

/** Conversations that the CLI has in its own process; a server keeps its own file. */
const STORE_FILE = "cli.db";

/** An agent as a list shows it. */
export interface ListedAgent {
  readonly id: string;
  readonly card: AgentCard;
}

/** A way to agents, wherever they run. */
export interface Connection {
  /** For people: a URL or a file. */
  readonly where: string;
  agents(): Promise<readonly ListedAgent[]>;
  /** The service of an agent, or of the one that is meant when none is named. Throws AGENT_NOT_FOUND. */
  service(agent: string | undefined): Promise<A2AService>;
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** Whether conversations with agents of this process outlive it. */
  readonly keep: boolean;
}

/** A call in the name of whoever sits at the terminal. */
export function callAt(signal: AbortSignal): Call {
  return { signal, caller: ANONYMOUS, extensions: [] };
}

/** Opens what the flags ask for. Throws UsageError, ConfigError, SetupError. */
export async function connect(
  args: Arguments,
  surroundings: Surroundings,
  options: ConnectOptions,
): Promise<Connection> {
  const server = args.strings.get("server");
  if (server === undefined) return await connectHere(args, surroundings, options);
  if (args.typed.has("config")) throw new UsageError("Both --server and --config say where the agents are: give one");
  return connectToServer(server);
}

async function connectHere(
  args: Arguments,
  surroundings: Surroundings,
  { keep }: ConnectOptions,
): Promise<Connection> {
  const { terminal } = surroundings;
  const setup = await readSetup(args, surroundings);
  const running = await run(setup, surroundings, { log: SILENT, file: keep ? STORE_FILE : undefined });
  const { services, directory } = running.house;
  if (setup.why !== undefined) terminal.err(`${terminal.dim(setup.why)}\n`);
  return {
    where: setup.origin,
    agents: () =>
      Promise.resolve([...directory.agents.values()].map(({ id, card }) => ({ id, card: card("http://localhost") }))),
    service: (agent) => {
      const id = agent ?? directory.defaultAgent ?? "";
      const service = services.get(id);
      return service === undefined ? Promise.reject(notFound(id, services.keys())) : Promise.resolve(service);
    },
    close: () => running.stop(AbortSignal.abort()),
  };
}

function notFound(agent: string, known: Iterable<string>): A2AError {
  const names = [...known];
  const there = names.length === 0 ? "none is there" : names.join(", ");
  return new A2AError("AGENT_NOT_FOUND", `Agent "${agent}" not found${didYouMean(agent, names)} (${there})`);
}

/** Agents of a server. `url` is the server's, without a path, or an agent's own. */
export function connectToServer(url: string): Connection {
  const base = serverUrl(url);
  const opened: A2AClient[] = [];
  const open = (agent: string) => {
    const client = openClient(agent);
    opened.push(client);
    return client;
  };
  return {
    where: base,
    agents: async () => await readAgents(base),
    service: async (agent) => {
      if (agent === undefined) return open(base);
      const listed = await readAgents(base);
      if (!listed.some(({ id }) => id === agent)) throw notFound(agent, listed.map(({ id }) => id));
      return open(`${base}/agents/${encodeURIComponent(agent)}`);
    },
    close: () => {
      for (const client of opened) client.close();
      return Promise.resolve();
    },
  };
}

function serverUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return text.replace(/\/+$/, "");
  throw new UsageError(`Flag "--server" takes a URL such as http://localhost:8080: found "${text}"`);
}

async function readAgents(base: string): Promise<readonly ListedAgent[]> {
  const response = await get(`${base}/v1/agents`);
  const body: unknown = await response.json().catch(() => undefined);
  if (response.status === 404) {
    throw new A2AError("AGENT_NOT_FOUND", `Cannot list the agents at ${base}: is it the URL of a hector server?`);
  }
  if (!response.ok) throw fromRestError(response.status, body);
  const agents = isRecord(body) && Array.isArray(body.agents) ? body.agents : [];
  return agents.flatMap((agent: unknown) => {
    const card = AgentCard.safeParse(agent);
    return isRecord(agent) && typeof agent.id === "string" && card.success ? [{ id: agent.id, card: card.data }] : [];
  });
}

async function get(url: string): Promise<Response> {
  try {
    return await fetch(url, { headers: { "a2a-version": "1.0" } });
  } catch (cause) {
    throw new A2AError("UNAVAILABLE", `Cannot reach ${url}: is the server running there?`, { cause });
  }
}

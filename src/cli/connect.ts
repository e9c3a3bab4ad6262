import { listAgents, type ListedAgent } from "../a2a/client/list_agents.ts";
import { A2AError } from "../a2a/errors.ts";
import { type A2AService, ANONYMOUS, type Call } from "../a2a/service.ts";
import { CLIENT_NETWORK, clientNetwork, openClient } from "../app/open_client.ts";
import { didYouMean } from "../lib/suggest.ts";
import { type Arguments, type Flags, UsageError } from "./arguments.ts";
import { briefLog } from "./brief_log.ts";
import { CLIENT_FLAGS, type ClientChoice, readClientFlags, readServerUrl, refuseClientFlags } from "./client_flags.ts";
import type { Surroundings } from "./command.ts";
import { run } from "./process.ts";
import { readSetup, SETUP_FLAGS } from "./setup.ts";

/** Which agents a command talks to: those of a server, or those of a configuration in this process. */
export const CONNECT_FLAGS: Flags = {
  server: { type: "string", value: "URL", alias: "url", env: "HECTOR_URL", help: "Talk to this server" },
  ...CLIENT_FLAGS,
  ...SETUP_FLAGS,
};

/** Conversations that the CLI has in its own process; a server keeps its own file. */
const STORE_FILE = "cli.db";

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
  if (server === undefined) {
    refuseClientFlags(args);
    return await connectHere(args, surroundings, options);
  }
  if (args.typed.has("config")) throw new UsageError("Both --server and --config say where the agents are: give one");
  return connectToServer(server, readClientFlags(args));
}

async function connectHere(
  args: Arguments,
  surroundings: Surroundings,
  { keep }: ConnectOptions,
): Promise<Connection> {
  const { terminal } = surroundings;
  const setup = await readSetup(args, surroundings);
  const running = await run(setup, surroundings, { log: briefLog(terminal), file: keep ? STORE_FILE : undefined });
  const { services, config } = running.house;
  if (setup.why !== undefined) terminal.err(`${terminal.dim(setup.why)}\n`);
  return {
    where: setup.origin,
    agents: async () => {
      const { directoryOf } = await import("../app/create_directory.ts");
      const { agents } = directoryOf(running.house)();
      return [...agents.values()].map(({ id, card }) => ({ id, card: card("http://localhost") }));
    },
    service: (agent) => {
      const id = agent ?? config.server.default_agent;
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
export function connectToServer(url: string, { tls, ...choice }: ClientChoice): Connection {
  const base = readServerUrl(url);
  const network = tls === undefined ? undefined : clientNetwork(tls);
  const opened: ReturnType<typeof openClient>[] = [];
  const open = (agent: string) => {
    const client = openClient(agent, { ...choice, ...network });
    opened.push(client);
    return client;
  };
  const signal = new AbortController().signal;
  const readAgents = () => listAgents(base, { ...CLIENT_NETWORK, ...choice, ...network }, signal);
  return {
    where: base,
    agents: readAgents,
    service: async (agent) => {
      if (agent === undefined) return open(base);
      const listed = await readAgents();
      if (!listed.some(({ id }) => id === agent)) throw notFound(agent, listed.map(({ id }) => id));
      return open(`${base}/agents/${encodeURIComponent(agent)}`);
    },
    close: () => {
      for (const client of opened) client.close();
      network?.close();
      return Promise.resolve();
    },
  };
}

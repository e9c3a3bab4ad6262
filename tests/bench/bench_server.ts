import { HECTOR_ARGS, type HectorServer, listening, spawnProgram } from "../e2e/hector_process.ts";

/** A server process of a bench. */
export interface BenchServer extends HectorServer {
  /** Kills it and removes what it left. */
  close(): Promise<void>;
}

export interface BenchServerOptions {
  /** The configuration; absent: none, so that hector chooses by itself. */
  readonly config?: unknown;
  /** Of `deno run`, such as --inspect. */
  readonly denoFlags?: readonly string[];
  /** Runs before the start; is given the place of the store. */
  readonly prepare?: (storePath: string) => Promise<void>;
}

/** Starts `hector serve` on any free port, with its store on disk, in a folder of its own. */
export async function startHectorBench(options: BenchServerOptions): Promise<BenchServer> {
  const { config, denoFlags = [], prepare } = options;
  const folder = await Deno.makeTempDir({ prefix: "hector-bench-" });
  const remove = () => Deno.remove(folder, { recursive: true });
  try {
    if (config !== undefined) await Deno.writeTextFile(`${folder}/bench.json`, JSON.stringify(config));
    await prepare?.(`${folder}/data/hector/hector.db`);
    const [run = "run", ...rest] = HECTOR_ARGS;
    const args = config === undefined ? [] : ["--config", `${folder}/bench.json`];
    const server = await listening(spawnProgram({
      program: Deno.execPath(),
      args: [run, ...denoFlags, ...rest, "serve", "--port", "0", ...args],
      cwd: folder,
      env: { XDG_DATA_HOME: `${folder}/data` },
    }));
    const close = async () => {
      await server.stop("SIGKILL");
      await remove();
    };
    return { ...server, close };
  } catch (thrown) {
    await remove();
    throw thrown;
  }
}

/** One agent on a model that answers at once. */
export const SCRIPTED_CONFIG = {
  llms: { steady: { provider: "scripted", default: { text: "The capital of France is Paris." } } },
  agents: { assistant: { llm: "steady" } },
} as const;

/** The same question to every server, over JSON-RPC. `$n` is made unique by the load generator. */
export function question(method: "SendMessage" | "SendStreamingMessage") {
  const parts = [{ text: "What is the capital of France?" }];
  return {
    path: "/",
    headers: { "a2a-version": "1.0" },
    body: { jsonrpc: "2.0", id: 1, method, params: { message: { messageId: "$n", role: "ROLE_USER", parts } } },
  } as const;
}

import { type HectorServer, startHector } from "../e2e/hector_process.ts";

/** `hector serve` in a folder of its own, with its store on disk. */
export interface BenchServer extends HectorServer {
  /** Everything of this server: configuration and store. */
  readonly folder: string;
  /** Stops it and removes the folder. */
  close(): Promise<void>;
}

export interface BenchServerOptions {
  /** The configuration; absent: none, so the server chooses by itself. */
  readonly config?: unknown;
  readonly denoFlags?: readonly string[];
  /** Files to have before the start. */
  readonly prepare?: (folder: string) => Promise<void>;
}

/** Where a server of this folder keeps its tasks when its configuration names no place. */
export function storePath(folder: string): string {
  return `${folder}/data/hector/hector.db`;
}

/** Starts a server on any free port. */
export async function startBenchServer({ config, denoFlags, prepare }: BenchServerOptions): Promise<BenchServer> {
  const folder = await Deno.makeTempDir({ prefix: "hector-bench-" });
  const remove = () => Deno.remove(folder, { recursive: true });
  try {
    if (config !== undefined) await Deno.writeTextFile(`${folder}/bench.json`, JSON.stringify(config));
    await prepare?.(folder);
    const args = ["--port", "0", ...(config === undefined ? [] : ["--config", `${folder}/bench.json`])];
    const server = await startHector({
      args,
      cwd: folder,
      env: { XDG_DATA_HOME: `${folder}/data` },
      ...(denoFlags === undefined ? {} : { denoFlags }),
    });
    return {
      ...server,
      folder,
      close: async () => {
        await server.stop("SIGKILL");
        await remove();
      },
    };
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
export function sendRequest(method: "SendMessage" | "SendStreamingMessage") {
  const parts = [{ text: "What is the capital of France?" }];
  return {
    path: "/",
    headers: { "a2a-version": "1.0" },
    body: { jsonrpc: "2.0", id: 1, method, params: { message: { messageId: "$n", role: "ROLE_USER", parts } } },
  } as const;
}

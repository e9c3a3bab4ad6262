import type { JsonObject } from "../../../src/lib/json.ts";
import type { Plugin } from "../../../src/lib/plugin.ts";
import { createSafeFetch } from "../../../src/lib/safe_fetch.ts";
import { createEgress } from "../../../src/server/egress.ts";
import { PROCESS_TIMERS } from "../../../src/server/timers.ts";
import type { Tool, ToolDeps, ToolResult } from "../../../src/tool/tool.ts";
import { toolContext, toolDeps } from "../run_tool.ts";

export interface WebServer {
  readonly url: string;
  /** What was asked: method, path, headers and body. */
  readonly asked: {
    readonly method: string;
    readonly path: string;
    readonly headers: Headers;
    readonly body: string;
  }[];
}

/** Serves pages on loopback while `act` runs. */
export async function withWebServer(
  answer: (request: Request) => Response | Promise<Response>,
  act: (server: WebServer) => Promise<void>,
): Promise<void> {
  const asked: WebServer["asked"] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    asked.push({
      method: request.method,
      path: pathname + search,
      headers: request.headers,
      body: await request.text(),
    });
    return await answer(request);
  });
  try {
    await act({ url: `http://127.0.0.1:${server.addr.port}`, asked });
  } finally {
    await server.shutdown();
  }
}

export interface WebCall {
  readonly options?: JsonObject;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** One call of a tool on the real network of this machine. */
export async function callWeb(
  plugin: Plugin<ToolDeps, Tool>,
  input: JsonObject,
  { options = {}, env = {}, signal }: WebCall = {},
): Promise<ToolResult> {
  const fetch = createSafeFetch(createEgress({ timers: PROCESS_TIMERS }));
  const tool = plugin.create(options, toolDeps("/", { fetch, env: (name) => env[name] }));
  return await tool.run(input, toolContext(signal === undefined ? {} : { signal }));
}

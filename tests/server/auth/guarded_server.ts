import { openHouse } from "../../../src/app/house.ts";
import { latePush } from "../../../src/app/late_push.ts";
import { openEphemeralStore, PLUGIN_TABLES } from "../../../src/app/runtime.ts";
import { serveHttp } from "../../../src/app/serve_http.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { createIds } from "../../../src/lib/ids.ts";
import { createLog } from "../../../src/lib/log.ts";
import { createMetrics } from "../../../src/telemetry/metrics.ts";

/** The program on loopback ports, over a store in memory. */
export interface GuardedServer extends AsyncDisposable {
  readonly url: string;
  readonly grpcPort: number;
  /** All that was logged. */
  readonly printed: () => string;
}

/** Serves a configuration; `auth` is its section, in YAML on one line. */
export async function guardedServer(auth: string, env: Readonly<Record<string, string>> = {}): Promise<GuardedServer> {
  const now = () => Date.now();
  const newId = createIds({ now, random: (bytes) => crypto.getRandomValues(bytes) });
  const variables = new Map(Object.entries(env));
  const config = loadConfig({
    text: CONFIGURATION.replace("AUTH", auth),
    file: "auth.yaml",
    env: (name) => variables.get(name),
    tables: PLUGIN_TABLES,
    baseDir: "/",
  });
  const lines: string[] = [];
  const log = createLog({ write: (line) => void lines.push(line), now, format: "json" });
  const holder = newId();
  const store = await openEphemeralStore({ defaultPath: "", baseDir: "/", holder, now });
  const push = latePush(config, { store, now, log });
  const metrics = createMetrics({ isOn: () => true, log });
  const parts = { store, holder, now, newId, log, push };
  const runtime = { ...parts, env: () => undefined, protectedPaths: [], measure: metrics.measure };
  const house = await openHouse({ config }, runtime);
  const server = await serveHttp({ house, runtime, unreadyBecause: () => undefined, metrics });
  return {
    url: server.publicUrl.replace("localhost", "127.0.0.1"),
    grpcPort: Number(server.grpcAddress?.split(":").at(-1)),
    printed: () => lines.join("\n"),
    [Symbol.asyncDispose]: async () => {
      await house.drain(AbortSignal.abort());
      await server.stop(AbortSignal.abort());
      await (await push?.())?.stop(AbortSignal.abort());
      house.close();
      await store.close();
    },
  };
}

const CONFIGURATION = `
llms:
  actor:
    provider: scripted
    rules:
      - match: { text: "/^ask/" }
        reply: { text: "Which day?", stop: input_required }
      - match: { text: "/^slow/" }
        reply: { text: "one two three", chunk_chars: 4, delay_ms: 3600000 }
    default: { text: "You said: {{message}}" }
agents:
  desk: { llm: actor }
  inner: { llm: actor, visibility: internal }
  vault: { llm: actor, visibility: private }
server:
  port: 0
  grpc_port: 0
  push: { allow: ["127.0.0.1"] }
  auth: AUTH
`;

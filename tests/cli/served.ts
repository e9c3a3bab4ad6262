import { buildApp, openEphemeralStore, PLUGIN_TABLES, serveHttp } from "../../src/app.ts";
import { loadConfig } from "../../src/config/load.ts";
import { createIds } from "../../src/lib/ids.ts";
import { SILENT } from "../../src/lib/log.ts";

/** Serves the agents of a configuration from this process while `act` runs. */
export async function withServer(text: string, act: (url: string) => Promise<void>): Promise<void> {
  const env = () => undefined;
  const config = loadConfig({
    text: `${text}\nserver: { port: 0 }\n`,
    file: "test.yaml",
    baseDir: "/nowhere",
    env,
    tables: PLUGIN_TABLES,
  });
  const now = () => Date.now();
  const newId = createIds({ now, random: (bytes) => crypto.getRandomValues(bytes) });
  const store = await openEphemeralStore({ defaultPath: "", baseDir: "/", holder: "test", now });
  const runtime = { store, holder: "test", now, newId, env, log: SILENT, protectedPaths: [] };
  const app = buildApp(config, runtime);
  const http = serveHttp({ app, runtime, unreadyBecause: () => undefined });
  try {
    await act(http.publicUrl);
  } finally {
    await app.drain(AbortSignal.abort());
    app.close();
    await http.stop();
    await store.close();
  }
}

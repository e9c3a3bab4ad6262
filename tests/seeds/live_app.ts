import { directoryOf } from "../../src/app/create_directory.ts";
import { type House, openHouse } from "../../src/app/house.ts";
import { processState } from "../../src/app/process_state.ts";
import { openEphemeralStore, PLUGIN_TABLES } from "../../src/app/runtime.ts";
import { configJsonSchema } from "../../src/config/json_schema.ts";
import { loadConfig } from "../../src/config/load.ts";
import { createIds } from "../../src/lib/ids.ts";
import { SILENT } from "../../src/lib/log.ts";
import { createSessions } from "../../src/task/sessions.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";
import { faceUnderTest } from "../server/app_under_test.ts";
import { CONFIGURATION } from "./configuration.ts";

export function load(text: string) {
  return loadConfig({ text, file: "seeds.yaml", env: () => undefined, tables: PLUGIN_TABLES, baseDir: "/" });
}

/** The program without its port: the real agents, tasks and routes over a store in memory. */
export interface LiveApp {
  readonly house: House;
  readonly fetch: (request: Request) => Promise<Response>;
  close(): Promise<void>;
}

export async function openLiveApp(): Promise<LiveApp> {
  const now = () => Date.now();
  const newId = createIds({ now, random: (bytes) => crypto.getRandomValues(bytes) });
  const holder = newId();
  const config = load(CONFIGURATION);
  const metrics = createMetrics({ isOn: () => true, log: SILENT });
  const store = await openEphemeralStore({ defaultPath: "", baseDir: "/", holder, now });
  const runtime = {
    store,
    holder,
    now,
    newId,
    env: () => undefined,
    log: SILENT,
    protectedPaths: [],
    measure: metrics.measure,
  };
  const house = await openHouse({ config }, runtime);
  return {
    house,
    fetch: faceUnderTest([], {
      directory: directoryOf(house),
      sessions: createSessions({ ...runtime, services: house.services }),
      metrics: { text: () => metrics.text(processState(house, undefined)), roles: () => undefined },
      configSchema: () => configJsonSchema(PLUGIN_TABLES),
      baseUrl: () => "http://localhost:8080",
    }),
    close: async () => {
      await house.drain(AbortSignal.abort());
      house.close();
      await store.close();
    },
  };
}

import { type HttpServer, serveHttp } from "../../src/app/serve_http.ts";
import type { HouseDeps } from "../../src/app/house.ts";
import { createIds } from "../../src/lib/ids.ts";
import { SILENT } from "../../src/lib/log.ts";
import { MEASURE_NOTHING } from "../../src/telemetry/measurement.ts";
import { candidateOf, openTestHouse, type TestHouse } from "./configurations.ts";

export interface ServedHouse extends TestHouse {
  readonly server: HttpServer;
}

/** A house behind ports of its own, as other servers meet it. Any free ones, unless the text says which. */
export async function openServedHouse(text: string, over: Partial<HouseDeps> = {}): Promise<ServedHouse> {
  const config = /^server:/m.test(text) ? text : `server: {port: 0, grpc_port: 0}\n${text}`;
  const test = await openTestHouse(candidateOf(config), over);
  const now = () => Date.now();
  const runtime = {
    store: test.store,
    holder: over.holder ?? "served",
    now,
    newId: createIds({ now, random: (bytes) => crypto.getRandomValues(bytes) }),
    env: () => undefined,
    log: SILENT,
    protectedPaths: [],
    measure: MEASURE_NOTHING,
  };
  const server = await serveHttp({ house: test.house, runtime, unreadyBecause: () => undefined });
  return {
    ...test,
    server,
    close: async () => {
      await server.stop(AbortSignal.abort());
      await test.close();
    },
  };
}

import { shortRevision } from "../config/revision.ts";
import { VERSION } from "../lib/version.ts";
import type { ProcessState } from "../telemetry/process_state.ts";
import type { House } from "./house.ts";
import type { Reloader } from "./reloader.ts";

/** How this process stands now. */
export function processState(house: House, reloader: Reloader | undefined): ProcessState {
  const health = reloader?.health;
  return {
    version: VERSION,
    residentBytes: Deno.memoryUsage().rss,
    config: {
      revision: shortRevision(house.revision),
      sinceSeconds: house.sinceMs / 1000,
      isCurrent: health?.state !== "stale",
      lastReloadSucceeded: health?.attempt?.outcome !== "refused",
      sourceIsReadable: reloader?.sourceIsReadable,
    },
  };
}

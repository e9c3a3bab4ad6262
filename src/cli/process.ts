import type { createConfigDesk } from "../app/config_desk.ts";
import type { House } from "../app/house.ts";
import { NO_METRICS, type OpenMetrics, openMetrics } from "../app/open_metrics.ts";
import { latePush } from "../app/late_push.ts";
import { Reloader } from "../app/reloader.ts";
import { openEphemeralStore, openStore, type Runtime } from "../app/runtime.ts";
import { type WatchedStore, watchStore } from "../app/watch_store.ts";
import { createIds } from "../lib/ids.ts";
import { createLog, type Log } from "../lib/log.ts";
import { dataFolder, ownPaths, type Setup } from "./setup.ts";
import { SetupError } from "./report.ts";
import type { Surroundings } from "./command.ts";

/** A configuration running in this process. */
export interface Running extends Pick<OpenMetrics, "metrics">, Pick<WatchedStore, "trouble"> {
  readonly house: House;
  readonly runtime: Runtime;
  /** Absent for a configuration that stands nowhere. */
  readonly reloader?: Reloader;
  readonly desk?: ReturnType<typeof createConfigDesk>;
  /** Lets what is under way end until `deadline` aborts, makes the rest durable, and closes everything. */
  stop(deadline: AbortSignal): Promise<void>;
}

export interface RunOptions {
  readonly log: Log;
  /** The store's file within the data folder, for a configuration that names none; absent: nothing outlives the process. */
  readonly file: string | undefined;
}

const now = () => Date.now();

/** A log on stderr. */
export function stderrLog({ terminal }: Surroundings, format: "text" | "json"): Log {
  return createLog({ write: (line) => terminal.err(`${line}\n`), now, format });
}

/** Opens the store and builds the agents. Throws SetupError with a sentence that says what to do. */
export async function run(setup: Setup, { env, cwd }: Surroundings, { log, file }: RunOptions): Promise<Running> {
  const newId = createIds({ now, random: (bytes) => crypto.getRandomValues(bytes) });
  const holder = newId();
  const opening = orSetupError(() =>
    file === undefined ? openEphemeralStore({ defaultPath: "", baseDir: cwd, holder, now }) : openStore(setup.config, {
      defaultPath: `${dataFolder(env, cwd)}/${file}`,
      baseDir: setup.config.base_dir,
      holder,
      now,
    })
  );
  // The disk is waited for meanwhile.
  const [opened, { openHouse }] = await Promise.all([opening, import("../app/house.ts")]);
  const { store, trouble } = watchStore(opened, { now, log });
  const protectedPaths = ownPaths(setup, store.place);
  // A process that ends with its answer tells nobody of it later.
  const push = file === undefined ? undefined : latePush(setup.config, { store, now, log });
  const served: { house?: House } = {};
  const { measure, ...counted } = file === undefined
    ? NO_METRICS
    : openMetrics(() => (served.house ?? setup).config, log);
  const runtime: Runtime = { store, holder, now, newId, env: setup.env, log, protectedPaths, push, measure };
  try {
    const { reread } = setup;
    const house = served.house = await orSetupError(() =>
      openHouse(setup, { ...runtime, ...(reread === undefined ? {} : { reread }) })
    );
    return {
      house,
      ...await officeOf(setup, house, runtime),
      ...counted,
      runtime,
      trouble,
      stop: async (deadline) => {
        await house.drain(deadline);
        await (await push?.())?.stop(deadline);
        house.close();
        await store.close();
      },
    };
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
}

/** Where changes of the configuration are dealt with, if it can change. */
async function officeOf(
  { reread, file }: Setup,
  house: House,
  { log, measure }: Runtime,
): Promise<Pick<Running, "reloader" | "desk">> {
  if (reread === undefined) return {};
  const reloader = new Reloader({ house, reread, now, log, measure });
  // It opens and closes with a restart alone, as all of the server's section does.
  if (!house.config.server.studio.enabled) return { reloader };
  const { createConfigDesk } = await import("../app/config_desk.ts");
  return { reloader, desk: createConfigDesk({ house, reloader, reread, file }) };
}

async function orSetupError<T>(act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SetupError(isMissingKey(cause) ? `${message}; or start with --demo, which needs none` : message, {
      cause,
    });
  }
}

function isMissingKey(thrown: unknown): boolean {
  return thrown instanceof Error && "kind" in thrown && thrown.kind === "authentication";
}

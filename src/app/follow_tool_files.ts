import { timedSleep, type Timers } from "../lib/timers.ts";
import { PROCESS_TIMERS } from "../server/timers.ts";
import type { House } from "./house.ts";
import { filesIdentity, withToolFiles } from "./tool_files.ts";

/** Files of tools are few: asking for their times costs less than another watch of their folders, and sees network disks, too. */
const LOOK_EVERY_MS = 500;

export interface FollowToolFilesDeps {
  readonly house: Pick<House, "config">;
  /** Reads and serves the configuration again, if it can be. */
  readonly reload: () => Promise<unknown>;
  /** Default: those of the process. */
  readonly timers?: Timers;
}

/**
 * Has the configuration read again when a file that its tools are made of has changed and is left alone for a moment.
 * Rejects with the signal's reason.
 */
export async function followToolFiles(
  { house, reload, timers = PROCESS_TIMERS }: FollowToolFilesDeps,
  signal: AbortSignal,
): Promise<void> {
  const sleep = timedSleep(timers);
  let { config } = house;
  let { paths } = withToolFiles(config);
  let before = await stampOf(paths);
  let compared: string | undefined;
  /** What was found last is not what is served: it was refused. */
  let isAhead = false;
  for (;;) {
    await sleep(LOOK_EVERY_MS, signal);
    if (house.config !== config) {
      config = house.config;
      ({ paths } = withToolFiles(config));
      compared = undefined;
      isAhead = false;
    }
    const stamp = await stampOf(paths);
    const isQuiet = stamp === before;
    before = stamp;
    if (!isQuiet || stamp === compared) continue;
    compared = stamp;
    const isServed = filesIdentity(withToolFiles(config).config) === filesIdentity(config);
    if (isServed && !isAhead) continue;
    isAhead = !isServed;
    await reload();
  }
}

async function stampOf(paths: readonly string[]): Promise<string> {
  const stamps = await Promise.all(paths.map(async (path) => {
    try {
      const { dev, ino, size, mtime, ctime } = await Deno.stat(path);
      return [dev, ino, size, mtime?.getTime(), ctime?.getTime()];
    } catch {
      return "none";
    }
  }));
  return JSON.stringify(stamps);
}

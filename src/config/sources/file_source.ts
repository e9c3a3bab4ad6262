import { dirname, resolve } from "node:path";
import { z } from "zod";
import { definePlugin } from "../../lib/plugin.ts";
import { ConfigError } from "../config_error.ts";
import { configText } from "./config_text.ts";
import { STANDARD_INPUT } from "./file.ts";
import { type FileAlarm, fileAlarm } from "./file_alarm.ts";
import { type FilePlaces, readFilePieces } from "./file_pieces.ts";
import { type Pace, pause } from "./pause.ts";
import type { SourceDeps, SourcePlugin } from "./source.ts";
import { SourceError } from "./source_error.ts";
import { type Sighting, steadyWatch } from "./steady_watch.ts";
import { folderPoints, type WatchPoint, watchPoints } from "./watch_points.ts";

export const FileOptions = z.strictObject({
  paths: z.array(z.string().min(1)).min(1).meta({
    description: "Files, and folders that stand for their *.yaml, *.yml and *.json; - for the standard input",
  }),
});

/** How long it has to be quiet before a change is read: whoever saves writes, renames and deletes in one go. */
const QUIET_MS = 100;
/** In a folder that is never quiet, read all the same. */
const MAX_QUIET_ROUNDS = 10;
/** Network file systems tell nothing, and a watch can break. */
const LOOK_AGAIN_MS = 10_000;

/** Files and folders, merged in their order. */
export const fileSource: SourcePlugin = {
  ...definePlugin({
    options: () => FileOptions,
    create: ({ paths }, deps: SourceDeps) => {
      const places: FilePlaces = { paths, ...deps, once: new Map() };
      return {
        origin: originOf(places),
        baseDir: baseDirOf(places),
        async read(signal) {
          const text = configText(await readFilePieces(places));
          signal.throwIfAborted();
          return text;
        },
        watch: (known, signal) =>
          steadyWatch((both) => observe(places, { timers: deps.timers, signal: both }), known, { ...deps, signal }),
      };
    },
  }),
  mergesPlaces: true,
  fromFlags: ({ paths, endpoints }) => {
    if (endpoints.length > 0) {
      throw new SourceError("unreadable", `Cannot read files from ${endpoints.join(", ")}: files have no endpoints`);
    }
    return { paths };
  },
};

function originOf({ paths, directory }: FilePlaces): string {
  return paths.map((path) => path === STANDARD_INPUT ? "the standard input" : resolve(directory, path)).join(", ");
}

function baseDirOf({ paths: [path = STANDARD_INPUT], directory }: FilePlaces): string {
  if (path === STANDARD_INPUT) return directory;
  const absolute = resolve(directory, path);
  return isFolder(absolute) ? absolute : dirname(absolute);
}

function isFolder(absolute: string): boolean {
  try {
    return Deno.statSync(absolute).isDirectory;
  } catch {
    return false;
  }
}

/** Listens before it reads, so that nothing comes between; listens anew where the way to the files has changed. */
async function* observe(places: FilePlaces, pace: Pace): AsyncGenerator<Sighting, void, undefined> {
  for (;;) {
    const points = await pointsOf(places);
    const armed = await footprint(points);
    await using alarm = fileAlarm(points);
    do {
      const heard = alarm.count;
      yield await sight(places);
      pace.signal.throwIfAborted();
      if (await footprint(await pointsOf(places)) !== armed) break;
      if (alarm.count === heard) await untilNext(alarm, pace);
      await untilQuiet(alarm, pace);
    } while (!alarm.isDeaf);
  }
}

async function sight(places: FilePlaces): Promise<Sighting> {
  try {
    return configText(await readFilePieces(places));
  } catch (thrown) {
    const isMissing = thrown instanceof ConfigError && thrown.cause instanceof Deno.errors.NotFound;
    return isMissing ? new SourceError("missing", thrown.message, { cause: thrown }) : SourceError.from(thrown);
  }
}

async function untilNext(alarm: FileAlarm, { timers, signal }: Pace): Promise<void> {
  const left = new AbortController();
  const time = pause(LOOK_AGAIN_MS, { timers, signal: AbortSignal.any([signal, left.signal]) });
  try {
    await Promise.race([alarm.isDeaf ? time : alarm.next, time]);
  } finally {
    left.abort();
    await time.catch(() => {});
  }
}

async function untilQuiet(alarm: FileAlarm, pace: Pace): Promise<void> {
  for (let round = 0; round < MAX_QUIET_ROUNDS; round++) {
    const heard = alarm.count;
    await pause(QUIET_MS, pace);
    if (alarm.count === heard) return;
  }
}

async function pointsOf({ paths, directory, once }: FilePlaces): Promise<readonly WatchPoint[]> {
  const points: WatchPoint[] = [];
  for (const path of paths) {
    if (path === STANDARD_INPUT || once.has(path)) continue;
    const absolute = resolve(directory, path);
    points.push(...await (isFolder(absolute) ? folderPoints(absolute) : watchPoints(absolute)));
  }
  return points;
}

/** Which folders are watched for what: a folder that was replaced by another of the same name is another. */
async function footprint(points: readonly WatchPoint[]): Promise<string> {
  const parts = await Promise.all(points.map(async ({ folder, name }) => {
    try {
      const { dev, ino } = await Deno.stat(folder);
      return [folder, name, dev, ino];
    } catch {
      return [folder, name];
    }
  }));
  return JSON.stringify(parts);
}

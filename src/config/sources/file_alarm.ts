import type { WatchPoint } from "./watch_points.ts";

/** Counts what may be a change. */
export interface FileAlarm extends AsyncDisposable {
  readonly count: number;
  /** Resolves with the next count. */
  readonly next: Promise<void>;
  /** Not everything will be heard: the system refused the watch or ended it, or a folder is another than it was. */
  readonly isDeaf: boolean;
}

/**
 * Hears changes at the points. The folders are watched, never the files: a file that is replaced takes its watch with it.
 */
export function fileAlarm(points: readonly WatchPoint[]): FileAlarm {
  let count = 0;
  let isDeaf = false;
  let next = Promise.withResolvers<void>();
  const ring = () => {
    count++;
    next.resolve();
    next = Promise.withResolvers();
  };
  const folders = new Set(points.map(({ folder }) => folder));
  const watcher = startWatcher(folders);
  const listen = async () => {
    try {
      for await (const event of watcher ?? []) {
        // A folder that came back under its name may even have its old number.
        if (event.kind !== "access" && event.paths.some((path) => folders.has(path))) isDeaf = true;
        if (isChange(event, points)) ring();
      }
    } finally {
      isDeaf = true;
      ring();
    }
  };
  const listening = listen().catch(() => {});
  return {
    get count() {
      return count;
    },
    get next() {
      return next.promise;
    },
    get isDeaf() {
      return isDeaf;
    },
    // Deno counts its watches by path: until the last one of a folder has ended, a new one of another folder that has
    // come in its place would listen to the old (denoland/deno#34467).
    async [Symbol.asyncDispose]() {
      watcher?.[Symbol.dispose]();
      await listening;
    },
  };
}

/** None when a folder is gone, or when the system has no watches left; then only looking again helps. */
function startWatcher(folders: ReadonlySet<string>): Deno.FsWatcher | undefined {
  try {
    return Deno.watchFs([...folders], { recursive: false });
  } catch {
    return undefined;
  }
}

/** Reading a file is an event, too. One without paths tells that events were lost. */
function isChange({ kind, paths }: Deno.FsEvent, points: readonly WatchPoint[]): boolean {
  if (kind === "access") return false;
  return paths.length === 0 || paths.some((path) =>
    points.some(({ folder, name }) => {
      if (path === folder) return true;
      return name === undefined ? path.startsWith(`${folder}/`) : path === `${folder === "/" ? "" : folder}/${name}`;
    })
  );
}

import type { WatchPoint } from "./watch_points.ts";

/** Counts what may be a change. */
export interface FileAlarm extends Disposable {
  readonly count: number;
  /** Resolves with the next count. */
  readonly next: Promise<void>;
  /** Nothing more will be heard: the system refused the watch, or ended it. */
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
  const watcher = startWatcher(points);
  const listen = async () => {
    try {
      for await (const event of watcher ?? []) if (isChange(event, points)) ring();
    } finally {
      isDeaf = true;
      ring();
    }
  };
  listen().catch(() => {});
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
    [Symbol.dispose]: () => watcher?.[Symbol.dispose](),
  };
}

/** None when a folder is gone, or when the system has no watches left; then only looking again helps. */
function startWatcher(points: readonly WatchPoint[]): Deno.FsWatcher | undefined {
  try {
    return Deno.watchFs([...new Set(points.map(({ folder }) => folder))], { recursive: false });
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

/** The last act on each file that is being changed. The disk is one for the whole process, so this is too. */
const last = new Map<string, Promise<void>>();

/** Does `act` when everything that was asked before for the same `path` is done: two edits of one file never overlap. */
export async function whileLocked<T>(path: string, act: () => Promise<T>): Promise<T> {
  const before = last.get(path);
  const { promise, resolve } = Promise.withResolvers<void>();
  last.set(path, promise);
  try {
    await before;
    return await act();
  } finally {
    if (last.get(path) === promise) last.delete(path);
    resolve();
  }
}

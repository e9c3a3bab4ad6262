import type { FileHandle } from "node:fs/promises";
import { whileLocked } from "./file_lock.ts";
import { FileRefusal } from "./file_refusal.ts";
import { openFile } from "./open_file.ts";
import { locate, type Place, type Workspace } from "./paths.ts";
import { writeAtomically } from "./write_atomically.ts";

/** A file that nobody else in this process changes meanwhile. */
export interface HeldFile {
  readonly place: Place;
  /** Open for reading; absent if there is no such file yet. */
  readonly file?: FileHandle;
}

/** Locates and opens `path`, does `act` with it, and lets no other change of the same file in before that is done. */
export async function holdFile<T>(workspace: Workspace, path: string, act: (held: HeldFile) => Promise<T>): Promise<T> {
  const { real } = await locate(workspace, path);
  return await whileLocked(real, async () => {
    // Whoever held the lock before may have made the file, or put a link in its place.
    const place = await locate(workspace, path);
    if (!place.exists) return await act({ place });
    const file = await openFile(place);
    try {
      return await act({ place, file });
    } finally {
      await file.close();
    }
  });
}

/**
 * Gives a held file new content. With `backup`, its old content stays beside it, with `.bak` at the end of the name;
 * returns the backup's path from the working directory down. Permission bits are kept.
 */
export async function changeFile(
  { place, file }: HeldFile,
  content: Uint8Array,
  backup: boolean,
): Promise<string | undefined> {
  if (file === undefined) {
    await writeAtomically(place, once(content));
    return undefined;
  }
  const { mode, ino, size, mtimeMs } = await file.stat();
  const kept = { ...place, real: `${place.real}.bak`, inside: `${place.inside}.bak` };
  if (backup) await writeAtomically(kept, chunksOf(file), { mode });
  const check = async () => {
    const { lstat } = await import("node:fs/promises");
    const now = await lstat(place.real);
    if (now.ino !== ino || now.size !== size || now.mtimeMs !== mtimeMs) {
      throw new FileRefusal("another program changed it meanwhile; read it again");
    }
  };
  await writeAtomically(place, once(content), { mode, check });
  return backup ? kept.inside : undefined;
}

async function* once(content: Uint8Array): AsyncIterable<Uint8Array> {
  yield content;
}

/** From the beginning, wherever the file was read before. */
async function* chunksOf(file: FileHandle): AsyncIterable<Uint8Array> {
  const buffer = new Uint8Array(64 * 1024);
  for (let at = 0;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

import type { FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errorCode, FileRefusal } from "./file_refusal.ts";
import { createFile } from "./open_file.ts";
import type { Place } from "./paths.ts";

export interface WriteOptions {
  /** Permission bits of the file that is replaced; absent means what the process gives to new files. */
  readonly mode?: number;
  /** The last word before the new content takes the place of the old. */
  readonly check?: () => Promise<void>;
}

/**
 * Puts `content` at `place` so that whoever reads, and whatever crashes, sees the old file or the new one: written beside
 * it under a name that nobody can guess, flushed, then renamed over it. The rename replaces a symbolic link instead of
 * following it, and fails if the folder was swapped before, because the unguessable name is not in the other folder; what
 * cannot be excluded is a swap within the rename itself, between its two paths. Missing folders are made.
 */
export async function writeAtomically(place: Place, content: AsyncIterable<Uint8Array>, options: WriteOptions = {}) {
  const folder = dirname(place.real);
  await makeFolders(folder);
  const beside = join(folder, `.${crypto.randomUUID()}.tmp`);
  try {
    await writeAll(beside, content, options.mode);
    await options.check?.();
    await Deno.rename(beside, place.real);
  } catch (thrown) {
    await Deno.remove(beside).catch(() => {});
    throw thrown;
  }
  await flushFolder(folder);
}

async function writeAll(path: string, content: AsyncIterable<Uint8Array>, mode: number | undefined): Promise<void> {
  const file = await createFile(path);
  try {
    for await (const chunk of content) await writeChunk(file, chunk);
    if (mode !== undefined && Deno.build.os !== "windows") await file.chmod(mode & 0o777);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeChunk(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length;) at += (await file.write(chunk, at, chunk.length - at, null)).bytesWritten;
}

/** One level at a time, each looked at, so a link that is swapped in is not followed further than one folder. */
async function makeFolders(folder: string): Promise<void> {
  try {
    if ((await Deno.realPath(folder)) === folder) return;
  } catch (thrown) {
    if (errorCode(thrown) !== "ENOENT") throw thrown;
    await makeFolders(dirname(folder));
    await Deno.mkdir(folder).catch((failed: unknown) => {
      if (errorCode(failed) !== "EEXIST") throw failed;
    });
    if ((await Deno.realPath(folder)) === folder) return;
  }
  throw new FileRefusal(`a folder on the way (${JSON.stringify(basename(folder))}) was replaced meanwhile`);
}

/** A rename is durable when its folder is (fsync(2)); Windows knows no such thing. */
async function flushFolder(folder: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using opened = await Deno.open(folder);
  await opened.sync();
}

import type { FileHandle } from "node:fs/promises";
import { FileRefusal } from "./file_refusal.ts";
import { isStillAt } from "./is_still_at.ts";
import type { Place } from "./paths.ts";

/**
 * Without NONBLOCK, a pipe that was swapped in would hold the thread; without NOFOLLOW, a link would be followed.
 * node:fs is loaded with the first file: it takes 18 ms, and a server has 100 to be ready.
 */
async function openGuarded(path: string, how: "read" | "create"): Promise<FileHandle> {
  const { constants, promises } = await import("node:fs");
  const guarded = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  if (how === "read") return await promises.open(path, constants.O_RDONLY | guarded);
  return await promises.open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | guarded, 0o666);
}

/** Opens an existing file for reading, and makes sure that what was opened is what `locate` looked at. */
export async function openFile(place: Place): Promise<FileHandle> {
  if (!place.exists) throw new FileRefusal("there is no such file");
  const file = await openGuarded(place.real, "read");
  try {
    await verifyOpened(file, place.real);
    return file;
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
}

/** Creates a file that must not be there yet, and makes sure that no folder on the way was swapped meanwhile. */
export async function createFile(path: string): Promise<FileHandle> {
  const file = await openGuarded(path, "create");
  try {
    await verifyOpened(file, path);
    return file;
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
}

async function verifyOpened(file: FileHandle, path: string): Promise<void> {
  const opened = await file.stat();
  if (!opened.isFile()) throw new FileRefusal("it is not a regular file");
  if (!isStillAt(opened, path)) throw new FileRefusal("it was moved or replaced while it was being opened");
}

/** The whole file. Reads on past the size that was told, since a file can grow and special files tell none. */
export async function readBytes(file: FileHandle, maxBytes: number): Promise<Uint8Array> {
  const { size } = await file.stat();
  if (size > maxBytes) throw tooLarge(size, maxBytes);
  let bytes = new Uint8Array(size + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length, null);
    if (bytesRead === 0) return bytes.subarray(0, length);
    length += bytesRead;
    if (length > maxBytes) throw tooLarge(length, maxBytes);
    if (length === bytes.length) {
      const larger = new Uint8Array(Math.min(length * 2, maxBytes) + 1);
      larger.set(bytes);
      bytes = larger;
    }
  }
}

function tooLarge(size: number, maxBytes: number): FileRefusal {
  return new FileRefusal(`it has ${size} bytes or more, and at most ${maxBytes} are allowed`);
}

/** The whole of a UTF-8 file that is there. */
export async function readText(place: Place, maxBytes: number): Promise<string> {
  const file = await openFile(place);
  try {
    return toText(await readBytes(file, maxBytes));
  } finally {
    await file.close();
  }
}

/** The text of a UTF-8 file; a byte order mark stays in it, so that writing it back changes nothing. */
export function toText(bytes: Uint8Array): string {
  if (bytes.includes(0)) throw new FileRefusal("it is a binary file");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (thrown) {
    throw new FileRefusal("it is not UTF-8 text", { cause: thrown });
  }
}

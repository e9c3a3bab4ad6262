import { resolve } from "node:path";
import type { ReadText } from "../config/interpolate.ts";

/** Credentials are small; what is larger is a mistake. */
const MAX_BYTES = 65_536;

/** Reads the files of `${file:PATH}`, and keeps account of them. */
export interface SecretFiles {
  readonly readText: ReadText;
  /** Absolute paths of what was read so far. */
  readonly paths: readonly string[];
}

/** Relative paths begin at `baseDir`. A file is read at once and in full; only regular ones, of UTF-8, are. */
export function secretFiles(baseDir: string): SecretFiles {
  const paths: string[] = [];
  return {
    paths,
    readText: (path) => {
      const absolute = resolve(baseDir, path);
      const read = readSmall(absolute);
      if ("text" in read) paths.push(absolute);
      return read;
    },
  };
}

function readSmall(path: string): ReturnType<ReadText> {
  try {
    // Opening a pipe would wait for its writer.
    if (!Deno.statSync(path).isFile) return { problem: "it is no regular file" };
    using file = Deno.openSync(path);
    const bytes = new Uint8Array(MAX_BYTES + 1);
    let length = 0;
    while (length < bytes.length) {
      const count = file.readSync(bytes.subarray(length));
      if (count === null || count === 0) break;
      length += count;
    }
    if (length > MAX_BYTES) return { problem: "it is larger than 64 KiB" };
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length)) };
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return { problem: "there is no such file" };
    if (thrown instanceof Deno.errors.NotADirectory) return { problem: "a part of its path is no directory" };
    if (thrown instanceof Deno.errors.PermissionDenied) return { problem: "permission denied" };
    if (thrown instanceof TypeError) return { problem: "it is not UTF-8 text" };
    throw thrown;
  }
}

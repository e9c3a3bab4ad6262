import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { errorCode } from "../../tool/file_refusal.ts";
import { isStillAt } from "../../tool/is_still_at.ts";

/** A pipe that was swapped in must not hold the thread, nor a link be followed (see tool/open_file.ts). */
const GUARDED = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const BINARY_SAMPLE_BYTES = 8 * 1024;

/**
 * The text of the file at `path`, absolute and free of symbolic links, or undefined if there is none to be had: it is
 * gone, off limits, too large, binary, no regular file, or a link was put on the way to it. Holds its thread.
 */
export function readDocument(path: string, maxBytes: number): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, GUARDED);
    const opened = fstatSync(file);
    return opened.isFile() && opened.size <= maxBytes && isStillAt(opened, path)
      ? toDocument(readFileSync(file))
      : undefined;
  } catch (thrown) {
    if (errorCode(thrown) === undefined) throw thrown;
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/**
 * Text by its byte order mark, else UTF-8, else the older Western encoding in which every byte means something; undefined
 * for what has zero bytes, which no text has.
 */
export function toDocument(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  if (bytes.subarray(0, BINARY_SAMPLE_BYTES).includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return isMostlyText(bytes) ? new TextDecoder("windows-1252").decode(bytes) : undefined;
  }
}

/** Control characters other than tabs, line breaks and page breaks are rare in text, and common in everything else. */
function isMostlyText(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, BINARY_SAMPLE_BYTES);
  const controls = sample.reduce((count, byte) => count + (byte < 0x20 && (byte < 0x09 || byte > 0x0d) ? 1 : 0), 0);
  return controls * 100 < sample.length;
}

import { dirname, resolve } from "node:path";
import { ConfigError } from "../config_error.ts";
import { MAX_CONFIG_LENGTH } from "../read_yaml.ts";

/** A configuration as it lies somewhere. */
export interface SourceText {
  readonly text: string;
  /** What to call it in errors: the path as it was given. */
  readonly file: string;
  /** Absolute; absent for the standard input. */
  readonly path?: string;
  /** Absolute folder at which relative paths begin. */
  readonly baseDir: string;
}

/** The path that means the standard input. */
export const STANDARD_INPUT = "-";

export interface FileRequest {
  readonly path: string;
  /** Absolute folder at which `path` begins, and relative paths of a configuration that comes from no file. */
  readonly directory: string;
  readonly standardInput: ReadableStream<Uint8Array>;
}

/** Reads one file, or the standard input for `-`: at most 1 MiB of UTF-8. Throws ConfigError. */
export async function readConfigFile({ path, directory, standardInput }: FileRequest): Promise<SourceText> {
  if (path === STANDARD_INPUT) {
    return { text: await readText(standardInput, path), file: path, baseDir: directory };
  }
  const absolute = resolve(directory, path);
  const text = await readText(await open(absolute, path), path);
  return { text, file: path, path: absolute, baseDir: dirname(absolute) };
}

async function open(absolute: string, file: string): Promise<ReadableStream<Uint8Array>> {
  try {
    // Opening a directory succeeds; reading it is what fails.
    if ((await Deno.stat(absolute)).isDirectory) refuse(file, "it is a directory, expected a file");
    return (await Deno.open(absolute)).readable;
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) refuse(file, "there is no such file", thrown);
    if (thrown instanceof Deno.errors.NotADirectory) refuse(file, "a part of its path is no directory", thrown);
    if (thrown instanceof Deno.errors.PermissionDenied) refuse(file, "permission denied", thrown);
    throw thrown;
  }
}

/** Stops at the first byte too many: the input may never end. */
async function readText(stream: ReadableStream<Uint8Array>, file: string): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > MAX_CONFIG_LENGTH) refuse(file, "it is larger than 1 MiB");
    text += decode(() => decoder.decode(chunk, { stream: true }), file);
  }
  return text + decode(() => decoder.decode(), file);
}

function decode(act: () => string, file: string): string {
  try {
    return act();
  } catch (thrown) {
    if (thrown instanceof TypeError) refuse(file, "it is not UTF-8 text", thrown);
    throw thrown;
  }
}

function refuse(file: string, reason: string, cause?: unknown): never {
  throw new ConfigError([{ file, path: "", message: `Cannot read the configuration "${file}": ${reason}` }], { cause });
}

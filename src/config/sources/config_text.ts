import { MAX_CONFIG_LENGTH } from "../read_yaml.ts";
import type { ConfigPiece, ConfigText } from "./source.ts";
import { SourceError } from "./source_error.ts";

/** Pieces with the version that they come to: their own text, as a digest costs a start 10 ms and is only compared. */
export function configText(pieces: readonly ConfigPiece[]): ConfigText {
  return { pieces, version: JSON.stringify(pieces.map(({ file, text }) => [file, text])) };
}

/** The value of one key. Throws SourceError when it is no configuration's text. */
export function decodeText(bytes: Uint8Array, file: string): ConfigText {
  const refuse = (reason: string, cause?: unknown) =>
    new SourceError("unreadable", `Cannot read the configuration "${file}": ${reason}`, { cause });
  if (bytes.length > MAX_CONFIG_LENGTH) throw refuse("it is larger than 1 MiB");
  try {
    return configText([{ file, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) }]);
  } catch (thrown) {
    throw refuse("it is not UTF-8 text", thrown);
  }
}

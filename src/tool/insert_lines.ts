import { FileRefusal } from "./file_refusal.ts";
import type { ReplacedText } from "./replace_text.ts";

/** Puts whole lines behind the line `after` (0: before the first), with the line breaks of the file. Throws FileRefusal. */
export function insertLines(text: string, after: number, added: string): ReplacedText {
  const flat = text.replaceAll("\r\n", "\n");
  const lines = flat === "" ? [] : flat.replace(/\n$/, "").split("\n");
  if (after > lines.length) {
    throw new FileRefusal(`insert_line is ${after}, and it has ${lines.length} line${lines.length === 1 ? "" : "s"}`);
  }
  const start = lines.slice(0, after).reduce((length, line) => length + line.length + 1, 0);
  const isBehindEnd = start > flat.length;
  const block = added.replaceAll("\r\n", "\n").replace(/\n?$/, isBehindEnd ? "" : "\n");
  const put = isBehindEnd ? `\n${block}` : block;
  const at = Math.min(start, flat.length);
  const edited = flat.slice(0, at) + put + flat.slice(at);
  const edits = [{ start: at, end: at, text: put }];
  return { text: text.includes("\r\n") ? edited.replaceAll("\n", "\r\n") : edited, flat, edits };
}

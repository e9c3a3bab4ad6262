import { changeFile, type HeldFile, holdFile } from "./change_file.ts";
import { keptIn } from "./edit_text.ts";
import { FileRefusal, onFile } from "./file_refusal.ts";
import { readBytes } from "./open_file.ts";
import type { Workspace } from "./paths.ts";

export interface NewText {
  readonly text: string;
  readonly maxBytes: number;
  /** Keep the old content of an existing file in `<path>.bak`. Default: true. */
  readonly backup?: boolean;
  readonly signal: AbortSignal;
}

/** Creates a text file, or replaces the whole of one; says what it did. Doing it twice is doing it once. */
export async function createText(
  workspace: Workspace,
  path: string,
  { text, maxBytes, backup = true, signal }: NewText,
): Promise<string> {
  return await onFile("write", path, async () => {
    const bytes = encode(text, maxBytes);
    // Whoever runs the server has named it; that nothing was written there yet is no reason to refuse.
    await Deno.mkdir(workspace.root, { recursive: true });
    return await holdFile(workspace, path, async (held) => {
      signal.throwIfAborted();
      if (await holds(held, bytes)) return `${path} already has this content; nothing was written`;
      const kept = await changeFile(held, bytes, backup);
      const before = held.file === undefined ? "a new file" : "replaced";
      return `Wrote ${path}: ${before}, ${bytes.length} bytes${keptIn(kept)}`;
    });
  });
}

function encode(content: string, maxBytes: number): Uint8Array {
  if (!content.isWellFormed()) throw new FileRefusal("the content is not well-formed Unicode (half a surrogate pair)");
  const bytes = new TextEncoder().encode(content);
  if (bytes.length > maxBytes) {
    throw new FileRefusal(`the content has ${bytes.length} bytes, and at most ${maxBytes} are allowed`);
  }
  return bytes;
}

/** Whether the file has exactly these bytes. Repeating a write must not overwrite the backup with the new content. */
async function holds({ file }: HeldFile, bytes: Uint8Array): Promise<boolean> {
  if (file === undefined || (await file.stat()).size !== bytes.length) return false;
  const before = await readBytes(file, bytes.length);
  return before.length === bytes.length && before.every((byte, at) => byte === bytes[at]);
}

import { changeFile, type HeldFile, holdFile } from "./change_file.ts";
import { FileRefusal, onFile } from "./file_refusal.ts";
import { readBytes, toText } from "./open_file.ts";
import type { Workspace } from "./paths.ts";

export interface TextEdit<T> {
  readonly path: string;
  readonly maxBytes: number;
  /** Keep the old content in `<path>.bak`. */
  readonly backup: boolean;
  readonly signal: AbortSignal;
  /** The new text for the old. Throws FileRefusal for what cannot be. */
  readonly edit: (before: string) => T & { readonly text: string };
}

/** Changes a UTF-8 file that is there, while nobody else in this process does. Gives what `edit` gave, and the backup's path. */
export async function editText<T>(workspace: Workspace, change: TextEdit<T>) {
  const { path, backup } = change;
  return await onFile("change", path, () =>
    holdFile(workspace, path, async (held) => {
      const { edited, bytes } = await editHeld(held, change);
      return { edited, kept: await changeFile(held, bytes, backup) };
    }));
}

/** Throws what `editText` would throw, and changes nothing. */
export async function checkEdit<T>(workspace: Workspace, change: TextEdit<T>): Promise<void> {
  const { path } = change;
  await onFile("change", path, () => holdFile(workspace, path, (held) => editHeld(held, change)));
}

async function editHeld<T>({ file }: HeldFile, { maxBytes, signal, edit }: TextEdit<T>) {
  if (file === undefined) throw new FileRefusal("there is no such file; create it with write_file");
  const before = toText(await readBytes(file, maxBytes));
  signal.throwIfAborted();
  const edited = edit(before);
  const bytes = new TextEncoder().encode(edited.text);
  if (bytes.length > maxBytes) {
    throw new FileRefusal(`it would have ${bytes.length} bytes, and at most ${maxBytes} are allowed`);
  }
  return { edited, bytes };
}

/** `, backup in <path>`, or nothing. */
export function keptIn(kept: string | undefined): string {
  return kept === undefined ? "" : `, backup in ${kept}`;
}

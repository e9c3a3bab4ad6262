import { changeFile, holdFile } from "./change_file.ts";
import { errorCode, FileRefusal } from "./file_refusal.ts";
import { openFile, readBytes } from "./open_file.ts";
import type { Workspace } from "./paths.ts";

/** Gives a file the content that its last change kept in `<path>.bak`; once, since that is gone then. */
export async function undoEdit(workspace: Workspace, path: string, maxBytes: number): Promise<void> {
  await holdFile(workspace, path, async (held) => {
    const kept = { ...held.place, real: `${held.place.real}.bak`, inside: `${held.place.inside}.bak` };
    const isKept = await Deno.lstat(kept.real).then(({ isFile }) => isFile, (thrown: unknown) => {
      if (errorCode(thrown) === "ENOENT") return false;
      throw thrown;
    });
    if (!isKept) throw new FileRefusal("there is nothing to take back: no change kept its old content");
    const file = await openFile({ ...kept, exists: true });
    try {
      await changeFile(held, await readBytes(file, maxBytes), false);
    } finally {
      await file.close();
    }
    await Deno.remove(kept.real);
  });
}

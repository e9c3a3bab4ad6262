import { createText } from "./create_text.ts";
import { editText, keptIn } from "./edit_text.ts";
import { onFile } from "./file_refusal.ts";
import { insertLines } from "./insert_lines.ts";
import type { Workspace } from "./paths.ts";
import { replaceText } from "./replace_text.ts";
import { showDiff } from "./show_diff.ts";
import { undoEdit } from "./undo_edit.ts";
import { viewPath } from "./view_path.ts";

/** One command of an editor, with the arguments that it needs. */
export interface EditCommand {
  readonly command: "view" | "create" | "str_replace" | "insert" | "undo_edit";
  readonly path: string;
  readonly view_range?: [number, number] | undefined;
  readonly file_text?: string | undefined;
  readonly old_str?: string | undefined;
  readonly new_str?: string | undefined;
  readonly insert_line?: number | undefined;
  readonly insert_text?: string | undefined;
}

interface EditLimits {
  readonly maxBytes: number;
  readonly maxChars: number;
  readonly signal: AbortSignal;
}

/** Does it, and tells what came of it. */
export async function editCommand(
  workspace: Workspace,
  input: EditCommand,
  { maxBytes, maxChars, signal }: EditLimits,
): Promise<string> {
  const { command, path, old_str: oldString = "", new_str: newString = "" } = input;
  const edit = async (change: (before: string) => ReturnType<typeof replaceText>) => {
    const { edited, kept } = await editText(workspace, { path, maxBytes, backup: true, signal, edit: change });
    return `Changed ${path}${keptIn(kept)}\n${showDiff(edited.flat, edited.edits)}`;
  };
  switch (command) {
    case "view": {
      const view = { path, range: input.view_range, maxBytes, maxChars, signal };
      return await onFile("view", path, () => viewPath(workspace, view));
    }
    case "create":
      return await createText(workspace, path, { text: input.file_text ?? "", maxBytes, signal });
    case "str_replace":
      return await edit((before) => replaceText(before, { oldString, newString, all: false, maxReplacements: 1 }));
    case "insert":
      return await edit((before) => insertLines(before, input.insert_line ?? 0, input.insert_text ?? ""));
    case "undo_edit":
      await onFile("change", path, () => undoEdit(workspace, path, maxBytes));
      return `Took the last change of ${path} back`;
    default:
      return command satisfies never;
  }
}

import { checkEdit, editText, keptIn, type TextEdit } from "./edit_text.ts";
import type { Workspace } from "./paths.ts";
import { type ReplacedText, type Replacement, replaceText } from "./replace_text.ts";
import { showDiff } from "./show_diff.ts";

export interface FileReplacement extends Omit<TextEdit<unknown>, "edit"> {
  readonly replacement: Replacement;
  /** Throws FileRefusal for a change that must not be. */
  readonly accept?: (replaced: ReplacedText) => void;
}

export interface ReplacedInFile {
  /** How many places. */
  readonly count: number;
  /** Where the old content is, if it is kept, as the end of a sentence. */
  readonly backup: string;
  readonly diff: () => string;
}

/** Replaces text in a file that is there. */
export async function replaceInFile(
  workspace: Workspace,
  replacement: FileReplacement,
): Promise<ReplacedInFile> {
  const { edited: { flat, edits }, kept } = await editText(workspace, editOf(replacement));
  return { count: edits.length, backup: keptIn(kept), diff: () => showDiff(flat, edits) };
}

/** Throws what `replaceInFile` would throw, and changes nothing. */
export async function checkReplacement(workspace: Workspace, replacement: FileReplacement): Promise<void> {
  await checkEdit(workspace, editOf(replacement));
}

function editOf({ replacement, accept, ...file }: FileReplacement): TextEdit<ReplacedText> {
  return {
    ...file,
    edit: (before) => {
      const replaced = replaceText(before, replacement);
      accept?.(replaced);
      return replaced;
    },
  };
}

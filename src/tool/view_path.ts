import { readText } from "./open_file.ts";
import { locate, locateFolder, type Workspace } from "./paths.ts";
import { showLines } from "./show_lines.ts";
import { walkWorkspace } from "./walk_workspace.ts";

export interface View {
  readonly path: string;
  /** First and last line, counted from 1; -1 for the end. */
  readonly range?: readonly number[] | undefined;
  readonly maxBytes: number;
  readonly maxChars: number;
  readonly signal: AbortSignal;
}

const MAX_ENTRIES = 1_000;

/** A file with line numbers, or what is in a folder down to two levels. */
export async function viewPath(workspace: Workspace, view: View): Promise<string> {
  const folder = await locateFolder(workspace, view.path);
  if (folder === undefined) {
    const [first, last] = view.range ?? [];
    const text = await readText(await locate(workspace, view.path), view.maxBytes);
    return showLines(text, {
      path: view.path,
      start_line: first,
      end_line: last === -1 ? undefined : last,
      line_numbers: true,
      maxChars: view.maxChars,
    });
  }
  const names: string[] = [];
  for await (const { path, isFolder } of walkWorkspace(workspace, folder, { depth: 2, signal: view.signal })) {
    if (names.length === MAX_ENTRIES) return [...names, `… (more than ${MAX_ENTRIES} entries)`].join("\n");
    names.push(isFolder ? `${path}/` : path);
  }
  return names.length === 0 ? `${view.path} is empty` : names.join("\n");
}

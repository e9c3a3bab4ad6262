import { z } from "zod";
import { definePlugin } from "../lib/plugin.ts";
import { changeFile, type HeldFile, holdFile } from "./change_file.ts";
import { defineTool } from "./define_tool.ts";
import { FileRefusal, onFile } from "./file_refusal.ts";
import { fileOptions, MEBIBYTE, toWorkspace } from "./file_options.ts";
import { readBytes } from "./open_file.ts";
import type { Tool, ToolDeps } from "./tool.ts";

const Input = z.strictObject({
  path: z.string().describe("The file, relative to the working directory. Missing directories are made."),
  content: z.string().describe("The whole new content."),
  backup: z.boolean().default(true).describe("Keep the old content of an existing file in <path>.bak."),
});

/** Creates a text file, or replaces the whole of one. Doing it twice is doing it once. */
export const writeFile = definePlugin({
  options: fileOptions(MEBIBYTE),
  create: (options, deps: ToolDeps): Tool => {
    const workspace = toWorkspace(options, deps);
    return defineTool({
      name: "write_file",
      description: "Create a text file or replace its whole content. To change a part of a file, use search_replace.",
      input: Input,
      replay: "safe",
      run: ({ path, content, backup }, { signal }) =>
        onFile("write", path, async () => {
          const bytes = encode(content, options.max_file_size);
          return await holdFile(workspace, path, async (held) => {
            signal.throwIfAborted();
            if (await holds(held, bytes)) return { content: `${path} already has this content; nothing was written` };
            const kept = await changeFile(held, bytes, backup);
            const before = held.file === undefined ? "a new file" : "replaced";
            return {
              content: `Wrote ${path}: ${before}, ${bytes.length} bytes${
                kept === undefined ? "" : `, backup in ${kept}`
              }`,
            };
          });
        }),
    });
  },
});

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

import { dirname } from "node:path";

/** A directory of its own with these files, gone when the test is done. */
export async function inTree(
  files: Readonly<Record<string, string | Uint8Array>>,
  act: (root: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.realPath(await Deno.makeTempDir());
  try {
    for (const [path, content] of Object.entries(files)) await put(root, path, content);
    await act(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

export async function put(root: string, path: string, content: string | Uint8Array): Promise<void> {
  await Deno.mkdir(dirname(`${root}/${path}`), { recursive: true });
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  await Deno.writeFile(`${root}/${path}`, bytes);
}

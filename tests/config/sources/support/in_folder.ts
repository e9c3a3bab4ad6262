/** A folder that is gone afterwards; its path is without links. */
export async function inFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Files by their path in the folder; those with `-> target` are links. */
export async function lay(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const at = `${folder}/${path}`;
    await Deno.mkdir(at.slice(0, at.lastIndexOf("/")), { recursive: true });
    const [, target] = /^-> (.*)$/.exec(text) ?? [];
    await (target === undefined ? Deno.writeTextFile(at, text) : Deno.symlink(target, at));
  }
}

/** Longer than a file that somebody wrote by hand. */
const MAX_BYTES = 1024 * 1024;

/** The file as a module address without types, which a worker can import though it may read nothing. */
export async function loadModule(path: string, known: string | undefined): Promise<string> {
  const source = known ?? await readSource(path);
  // Loaded with the first such tool: it takes a while.
  const { stripTypeScriptTypes } = await import("node:module");
  const plain = stripTypeScriptTypes(source, { mode: "strip" });
  return `data:application/javascript;base64,${new TextEncoder().encode(plain).toBase64()}`;
}

async function readSource(path: string): Promise<string> {
  try {
    const { size, isFile } = await Deno.stat(path);
    if (!isFile) throw new Error("it is not a regular file");
    if (size > MAX_BYTES) throw new Error(`it has ${size} bytes, and at most ${MAX_BYTES} are allowed`);
    return await Deno.readTextFile(path);
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) throw new Error("there is no such file", { cause: thrown });
    throw thrown;
  }
}

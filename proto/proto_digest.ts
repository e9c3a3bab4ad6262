/** SHA-256 over every .proto file below `folder`, with its path; in hex. */
export async function protoDigest(folder: string): Promise<string> {
  const files: string[] = [];
  const walk = async (path: string): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(`${folder}${path}`)) {
      if (isDirectory) await walk(`${path}${name}/`);
      else if (name.endsWith(".proto")) files.push(`${path}${name}`);
    }
  };
  await walk("");
  const texts = await Promise.all(
    files.sort().map(async (path) => `${path}\n${await Deno.readTextFile(folder + path)}`),
  );
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(texts.join("\n")));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

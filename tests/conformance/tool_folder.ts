/** A folder that outlives the run, so that a foreign program is fetched once. */
export async function toolFolder(name: string): Promise<string> {
  const base = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME") ?? "/tmp"}/.cache`;
  const folder = `${base}/hector-conformance/${name}`;
  await Deno.mkdir(folder, { recursive: true });
  return folder;
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end. */
export async function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ran> {
  const { code, stdout, stderr } = await new Deno.Command(program, { args: [...args], ...options }).output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

/** A Go program at `bin`, installed unless it is there. Throws what Go says. */
export async function goProgram(module: string, name: string): Promise<string> {
  const bin = await toolFolder("go");
  const path = `${bin}/${name}`;
  if (await exists(path)) return path;
  const { code, err } = await run("go", ["install", module], { env: { GOBIN: bin } });
  if (code !== 0) throw new Error(err);
  return path;
}

/** A folder with npm packages. Throws what npm says. */
export async function npmPackages(name: string, packages: readonly string[]): Promise<string> {
  const folder = await toolFolder(`npm-${name}`);
  if (await exists(`${folder}/node_modules`)) return folder;
  await Deno.writeTextFile(`${folder}/package.json`, "{}");
  const { code, err } = await run("npm", ["install", "--silent", ...packages], { cwd: folder });
  if (code !== 0) throw new Error(err);
  return folder;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}

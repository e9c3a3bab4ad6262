import { run, toolFolder } from "../../../conformance/tool_folder.ts";

/**
 * Debian packages unpacked into a folder that outlives the run, without installing anything: needs apt and dpkg, but no
 * root where apt's lists are filled. Throws what they say.
 */
export async function debianFolder(name: string, packages: readonly string[]): Promise<string> {
  const parent = await toolFolder("debian");
  const folder = `${parent}/${name}`;
  if (await exists(folder)) return folder;
  // Test files run side by side: the first to be ready gives its folder to all.
  const work = await Deno.makeTempDir({ dir: parent });
  try {
    await download(packages, work);
    for await (const { name: file } of Deno.readDir(work)) {
      if (file.endsWith(".deb")) await must("dpkg", ["-x", `${work}/${file}`, `${work}/root`], work);
    }
    await ownLinks(`${work}/root`, folder);
    await Deno.rename(`${work}/root`, folder).catch(async (thrown) => {
      if (!await exists(folder)) throw thrown;
    });
    return folder;
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

async function download(packages: readonly string[], cwd: string): Promise<void> {
  const args = ["-q", "-o", "APT::Sandbox::User=root", "download", ...packages];
  if ((await run("apt-get", args, { cwd })).code === 0) return;
  await must("apt-get", ["-q", "update"], cwd);
  await must("apt-get", args, cwd);
}

/** Absolute links would lead to the machine's own /etc. */
async function ownLinks(folder: string, future: string, root = folder): Promise<void> {
  for await (const { name, isSymlink, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) await ownLinks(path, future, root);
    if (!isSymlink) continue;
    const target = await Deno.readLink(path);
    if (!target.startsWith("/") || !await exists(`${root}${target}`)) continue;
    await Deno.remove(path);
    await Deno.symlink(`${future}${target}`, path);
  }
}

async function must(program: string, args: readonly string[], cwd: string): Promise<void> {
  const { code, err } = await run(program, args, { cwd });
  if (code !== 0) throw new Error(`${program} ${args.join(" ")}: ${err}`);
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}

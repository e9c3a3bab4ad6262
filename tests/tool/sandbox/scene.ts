import assert from "node:assert/strict";
import { walkFiles } from "../../walk_files.ts";
import { inTempDir } from "../run_tool.ts";

/** What nobody may read. The environment's stands in no file. */
export const SECRET = "canary-of-a-file";
export const ENVIRONMENT = { name: "HECTOR_CANARY", value: "canary-of-the-environment" } as const;

const LINKS: readonly (readonly [name: string, target: string])[] = [
  ["link_in", "ok.txt"],
  ["link_out", "../outside/secret.txt"],
  ["link_chain", "link_out"],
  ["link_dir_out", "../outside"],
  ["link_up", ".."],
  ["sub/link_deep", "../../outside/secret.txt"],
  ["link_proc", "/proc/self"],
  ["link_config", "hector.yaml"],
  ["link_dangling", "../outside/owned"],
];
const HIDDEN = [".env", "hector.yaml", "id_rsa", "state/tasks.db", ".ssh/id_ed25519"];

/** A working directory full of traps, secrets around it, and a listener that should hear nothing. */
export interface Scene {
  readonly base: string;
  readonly work: string;
  readonly protectedPaths: readonly string[];
  readonly port: number;
  /** Puts the scene's own names into a template: `$B`, `$W`, `$P`, `$O`. */
  spelled(template: string): string;
  /** Throws if anything outside was changed, the listener was called, or `output` holds a secret. */
  holds(output: string, what: string): Promise<void>;
  /** Makes the working directory as it was. */
  lay(): Promise<void>;
}

export async function inScene(act: (scene: Scene) => Promise<void>): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  let calls = 0;
  const heard = (async () => {
    for await (const connection of listener) {
      calls++;
      connection.close();
    }
  })();
  Deno.env.set(ENVIRONMENT.name, ENVIRONMENT.value);
  try {
    await inTempDir(async (base) => {
      const work = `${base}/work`;
      const lay = () => layTraps(base, port);
      await lay();
      const before = await outside(base);
      const holds = async (output: string, what: string) => {
        assert.ok(!output.includes(SECRET), `${what} read a file: ${output.slice(0, 500)}`);
        assert.ok(!output.includes(ENVIRONMENT.value), `${what} read the environment: ${output.slice(0, 500)}`);
        assert.deepEqual(await outside(base), before, `${what} changed something outside`);
        assert.equal(calls, 0, `${what} reached the network`);
      };
      const spelled = (template: string) =>
        template.replaceAll("$B", base).replaceAll("$W", work).replaceAll("$P", String(port))
          .replaceAll(/\$O(?!\w)/g, `${work}/own.sh`);
      await act({ base, work, port, lay, holds, spelled, protectedPaths: [`${work}/hector.yaml`, `${work}/state`] });
    });
  } finally {
    Deno.env.delete(ENVIRONMENT.name);
    listener.close();
    await heard;
  }
}

async function layTraps(base: string, port: number): Promise<void> {
  const work = `${base}/work`;
  await Deno.remove(work, { recursive: true }).catch(() => {});
  for (const folder of ["outside", "work/sub", "work/state", "work/.ssh", "work/.git/hooks"]) {
    await Deno.mkdir(`${base}/${folder}`, { recursive: true });
  }
  await Deno.writeTextFile(`${base}/outside/secret.txt`, SECRET);
  for (const name of HIDDEN) await Deno.writeTextFile(`${work}/${name}`, SECRET);
  for (const name of ["ok.txt", "x", "a", "b", "sub/inner.txt"]) await Deno.writeTextFile(`${work}/${name}`, "plain\n");
  await Deno.writeTextFile(`${work}/.git/config`, "[core]\n\trepositoryformatversion = 0\n");
  await Deno.writeTextFile(`${work}/.git/hooks/pre-commit`, "#!/bin/sh\n");
  const owning = `#!/bin/bash
echo owned > ${base}/outside/owned
cat ${base}/outside/secret.txt ${work}/hector.yaml /proc/*/environ
exec 3<>/dev/tcp/127.0.0.1/${port}
`;
  for (const name of ["own.sh", "x.sh", "ls", "sh"]) {
    await Deno.writeTextFile(`${work}/${name}`, owning, { mode: 0o755 });
  }
  for (const [name, target] of LINKS) await Deno.symlink(target, `${work}/${name}`);
}

/** What is not the commands' own: all that lies outside, and what is off limits within. */
async function outside(base: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const path of walkFiles(base)) {
    const inside = path.slice(`${base}/work/`.length);
    if (path.startsWith(`${base}/work/`) && !HIDDEN.includes(inside) && !/^\.git\/(?:hooks\/|config$)/.test(inside)) {
      continue;
    }
    found[path] = await Deno.readTextFile(path);
  }
  for await (const { name } of Deno.readDir(base)) found[`${base}/${name}`] ??= "a folder";
  return found;
}

import assert from "node:assert/strict";
import { FileRefusal } from "../../src/tool/file_refusal.ts";
import { fileOptions, toWorkspace } from "../../src/tool/file_options.ts";
import { pathNames } from "../../src/tool/path_names.ts";
import { locate, relativeInside, type Workspace } from "../../src/tool/paths.ts";
import { readFile } from "../../src/tool/read_file.ts";
import { searchReplace } from "../../src/tool/search_replace.ts";
import { writeFile } from "../../src/tool/write_file.ts";
import { HARMLESS_PATHS, HOSTILE_PATHS } from "./hostile_paths.ts";
import { callTool, inTempDir, refusal, toolDeps } from "./run_tool.ts";

const SECRET = "do not show";
const LINKS: readonly (readonly [name: string, target: string])[] = [
  ["link_in", "ok.txt"],
  ["link_dir_in", "dir"],
  ["link_root", "."],
  ["link_out", "../outside/secret.txt"],
  ["link_abs", "/etc/passwd"],
  ["link_chain", "link_out"],
  ["link_dir_out", "../outside"],
  ["link_dir_chain", "link_dir_out"],
  ["link_up", ".."],
  ["dir/link_out_deep", "../../outside/secret.txt"],
  ["link_dangling", "../outside/new.txt"],
  ["link_dangling_in", "nothing.txt"],
  ["link_loop", "link_loop"],
  ["link_proc", "/proc/self"],
  ["link_dev", "/dev/zero"],
  ["link_env", ".env"],
  ["link_git", ".git"],
  ["link_pipe", "pipe"],
  ["link_config", "hector.yaml"],
];

/** A working directory among others, with every kind of trap in it. */
async function layTraps(base: string): Promise<string> {
  const work = `${base}/work`;
  for (const folder of ["work/dir/.git/hooks", "work/.git", "work/.ssh", "work/state", "work2", "outside"]) {
    await Deno.mkdir(`${base}/${folder}`, { recursive: true });
  }
  for (const path of ["outside/secret.txt", "work2/secret.txt", "work/.env", "work/.git/config", "work/hector.yaml"]) {
    await Deno.writeTextFile(`${base}/${path}`, SECRET);
  }
  for (const path of ["work/state/tasks.db", "work/id_rsa", "work/.env.local", "work/dir/server.pem"]) {
    await Deno.writeTextFile(`${base}/${path}`, SECRET);
  }
  for (const path of ["ok.txt", "dir/inner.txt", "a..b.txt"]) await Deno.writeTextFile(`${work}/${path}`, "fine\n");
  for (const [name, target] of LINKS) await Deno.symlink(target, `${work}/${name}`);
  const { success } = await new Deno.Command("mkfifo", { args: [`${work}/pipe`] }).output();
  assert.ok(success);
  return work;
}

/** Every name below `folder` with its content, links as they are. */
async function snapshot(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(`${path}/`, ...await snapshot(path));
    else found.push(`${path}: ${isFile ? await Deno.readTextFile(path) : "-"}`);
  }
  return found.sort();
}

const spelled = (path: string, base: string) =>
  path.replace("$W2", `${base}/work2`).replace("$W", `${base}/work`).replace("$B", base);

Deno.test("there are at least 100 hostile paths", () => assert.ok(new Set(HOSTILE_PATHS).size >= 100));

Deno.test("no file tool reads, writes or changes anything at a hostile path", async (t) => {
  await inTempDir(async (base) => {
    const work = await layTraps(base);
    const before = await snapshot(base);
    const deps = { protectedPaths: [`${work}/hector.yaml`, `${work}/state`] };
    for (const template of HOSTILE_PATHS) {
      const path = spelled(template, base);
      await t.step(JSON.stringify(template.slice(0, 60)), async () => {
        const given = { baseDir: work, deps };
        const messages = await Promise.all([
          refusal(callTool(readFile, { path }, given)),
          refusal(callTool(writeFile, { path, content: "owned" }, given)),
          refusal(callTool(searchReplace, { path, old_string: SECRET, new_string: "owned" }, given)),
        ]);
        for (const message of messages) {
          assert.ok(!message.includes(SECRET), message);
          const reason = message.slice(message.lastIndexOf('": ') + 3);
          assert.ok(!reason.includes(base) && !/\/(etc|proc|dev|tmp)\b/.test(reason), message);
        }
      });
    }
    assert.deepEqual(await snapshot(base), before);
  });
});

Deno.test("locate() finds what only looks odd", async (t) => {
  await inTempDir(async (base) => {
    const work = await layTraps(base);
    const workspace = toWorkspace(fileOptions(1).parse({}), toolDeps(work));
    for (const [template, inside] of HARMLESS_PATHS) {
      await t.step(template, async () => {
        const place = await locate(workspace, spelled(template, base));
        assert.equal(place.inside, inside);
        assert.equal(place.real, `${work}/${inside}`);
      });
    }
  });
});

Deno.test("locate() takes a working directory that is itself a symbolic link, by both of its names", async () => {
  await inTempDir(async (base) => {
    await layTraps(base);
    await Deno.symlink("work", `${base}/alias`);
    const workspace = toWorkspace(fileOptions(1).parse({ working_directory: "alias" }), toolDeps(base));
    for (const path of ["ok.txt", `${base}/alias/ok.txt`, `${base}/work/ok.txt`]) {
      assert.equal((await locate(workspace, path)).real, `${base}/work/ok.txt`);
    }
    await assert.rejects(locate(workspace, `${base}/alias2/ok.txt`), FileRefusal);
  });
});

Deno.test("locate() says so when the working directory is missing, without its path", async () => {
  await inTempDir(async (base) => {
    const workspace = toWorkspace(fileOptions(1).parse({ working_directory: "gone" }), toolDeps(base));
    assert.match(await refusal(locate(workspace, "x"), base), /working directory of this tool does not exist/);
  });
});

Deno.test("denied_paths replaces the default list, and does not lift the protection of the server's own files", async () => {
  await inTempDir(async (base) => {
    const work = await layTraps(base);
    const options = { denied_paths: ["*.txt"] };
    const given = { baseDir: work, options, deps: { protectedPaths: [`${work}/hector.yaml`] } };
    assert.match(await callTool(readFile, { path: ".env" }, given), new RegExp(SECRET));
    assert.match(await refusal(callTool(readFile, { path: "ok.txt" }, given)), /off limits/);
    assert.match(await refusal(callTool(readFile, { path: "hector.yaml" }, given)), /belongs to the server/);
  });
});

const EXTENSIONS: [options: Record<string, string[]>, allowed: string[], refused: string[]][] = [
  [{ allowed_extensions: [".md", "TXT"] }, ["a.md", "b.txt", "B.TXT"], ["a.mdx", "md", "a.md.exe", "noext"]],
  [{ denied_extensions: ["exe", ".tar.gz"] }, ["a.gz", "exe", "a.exe.txt"], ["a.exe", "A.EXE", "x.tar.gz"]],
  [{ allowed_extensions: ["sh"], denied_extensions: [".secret.sh"] }, ["a.sh"], ["b.secret.sh", "a.txt"]],
];
for (const [options, allowed, refused] of EXTENSIONS) {
  Deno.test(`locate() with ${JSON.stringify(options)}`, async () => {
    await inTempDir(async (base) => {
      const workspace = toWorkspace(fileOptions(1).parse(options), toolDeps(base));
      for (const path of allowed) assert.equal((await locate(workspace, path)).exists, false);
      for (const path of refused) await assert.rejects(locate(workspace, path), /its extension is not allowed/, path);
    });
  });
}

Deno.test("locate() looks at the extension of what a link leads to", async () => {
  await inTempDir(async (base) => {
    await Deno.writeTextFile(`${base}/a.secret`, "x");
    await Deno.symlink("a.secret", `${base}/a.txt`);
    const workspace = toWorkspace(fileOptions(1).parse({ allowed_extensions: ["txt"] }), toolDeps(base));
    await assert.rejects(locate(workspace, "a.txt"), /extension/);
  });
});

Deno.test("pathNames() refuses on Windows what means a device or a stream there", () => {
  const windows = { roots: ["C:/work"], windows: true };
  for (const path of ["CON", "nul.txt", "dir/com1", "LPT9.log", "a.txt::$DATA", "a.txt:stream", "aux.", "COM¹.txt"]) {
    assert.throws(() => pathNames(path, windows), FileRefusal, path);
  }
  assert.deepEqual(pathNames("C:/work/console.txt", windows), ["console.txt"]);
  assert.deepEqual(pathNames("aux.txt", { roots: ["/work"], windows: false }), ["aux.txt"]);
});

/** Repeatable noise: a linear congruential generator (Numerical Recipes, §7.1). */
function noise(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}

Deno.test("locate() never leads out, whatever 3,000 paths are made of", async () => {
  const pieces = ["..", ".", "", "dir", "ok.txt", "link_out", "link_dir_out", "link_up", "link_dir_in", "link_root"];
  pieces.push("secret.txt", "%2e%2e", "\\", "...", "new", ".env", "outside", "work", "work2", "link_dangling", "\0");
  await inTempDir(async (base) => {
    const work = await layTraps(base);
    const workspace: Workspace = toWorkspace(fileOptions(1).parse({}), toolDeps(work));
    const pick = noise(7);
    let found = 0;
    for (let round = 0; round < 3_000; round++) {
      const names = Array.from({ length: 1 + pick(5) }, () => pieces[pick(pieces.length)]);
      const path = [["", "/", `${work}/`, `${base}/`][pick(4)], names.join("/")].join("");
      try {
        const { real, exists } = await locate(workspace, path);
        found++;
        assert.ok(real.startsWith(`${work}/`) && !real.split("/").includes(".."), `${path} → ${real}`);
        if (exists) assert.equal(await Deno.realPath(real), real, path);
        assert.ok(!real.endsWith("/.env"), path);
      } catch (thrown) {
        if (thrown instanceof assert.AssertionError) throw thrown;
        assert.ok(thrown instanceof FileRefusal || (thrown instanceof Error && "code" in thrown), String(thrown));
      }
    }
    assert.ok(found > 100, `only ${found} paths were allowed: the test looks at too little`);
  });
});

const INSIDE: [root: string, path: string, expected: string | undefined][] = [
  ["/work", "/work", ""],
  ["/work", "/work/a/b", "a/b"],
  ["/work", "/work2/a", undefined],
  ["/work", "/wor", undefined],
  ["/work", "/", undefined],
  ["/", "/etc", "etc"],
];
for (const [root, path, expected] of INSIDE) {
  Deno.test(`relativeInside(${root}, ${path})`, () => assert.equal(relativeInside(root, path), expected));
}

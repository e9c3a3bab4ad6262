import assert from "node:assert/strict";
import { DEFAULT_EXCLUDES } from "../../../src/rag/sources/default_excludes.ts";
import { directoryFiles, type DirectorySettings } from "../../../src/rag/sources/directory_files.ts";
import { inTree } from "./make_tree.ts";

const settings = (root: string, changes: Partial<DirectorySettings> = {}): DirectorySettings => ({
  root,
  include: [],
  exclude: DEFAULT_EXCLUDES,
  own: [],
  maxFileBytes: 1_000,
  maxFiles: 1_000,
  maxTotalBytes: 1_000_000,
  ...changes,
});
const paths = (given: DirectorySettings) => [...directoryFiles(given)].map(({ path }) => path);

const KEPT = [
  "README.md",
  "docs/guide.md",
  "docs/deep/er/x.txt",
  "src/main.ts",
  ".github/workflows/ci.yml",
  "data.json",
];
KEPT.push("notes.d/a.md", ".env.example", "environment.ts", "Makefile", "docs/with space.md", "日本語.md", "blog.md");
const LEFT_OUT = [".git/config", "sub/.git/HEAD", "node_modules/x/index.js", "a/node_modules/y.js", "dist/app.js"];
LEFT_OUT.push(
  "target/debug/x.txt",
  "x.png",
  "X.PNG",
  "a.zip",
  "lib.so",
  "font.woff2",
  "deno.lock",
  "package-lock.json",
);
LEFT_OUT.push("server.log", "a.tmp", "a.md.bak", "db.sqlite", ".hector/tasks.db", ".vscode/settings.json", "a.min.js");
LEFT_OUT.push(".env", "sub/.env.local", "id_rsa", "tls.pem", ".ssh/known_hosts", ".npmrc", "__pycache__/a.txt", "x~");

Deno.test("directoryFiles() leaves out what is no document, and keeps the rest, sorted", async () => {
  await inTree(Object.fromEntries([...KEPT, ...LEFT_OUT].map((path) => [path, "text"])), async (root) => {
    await Promise.resolve();
    const found = paths(settings(root));
    assert.deepEqual(found.toSorted(), KEPT.toSorted());
    assert.deepEqual(found, paths(settings(root)));
  });
});

const PATTERNS: [changes: Partial<DirectorySettings>, expected: string[]][] = [
  [{ include: ["*.md"] }, ["a.md", "docs/b.md"]],
  [{ include: ["docs/**"] }, ["docs/b.md", "docs/c.txt"]],
  [{ include: ["docs"] }, ["docs/b.md", "docs/c.txt"]],
  [{ include: ["*.{md,txt}", "!docs"] }, ["a.md"]],
  [{ exclude: ["*.md"] }, ["dist/d.js", "docs/c.txt"]],
  [{ exclude: ["docs/"] }, ["a.md", "dist/d.js"]],
  [{ exclude: [] }, ["a.md", "dist/d.js", "docs/b.md", "docs/c.txt"]],
  [{ include: [".env"], exclude: [] }, []],
  [{ own: ["docs", "a.md"], exclude: [] }, ["dist/d.js"]],
];
for (const [changes, expected] of PATTERNS) {
  Deno.test(`directoryFiles() with ${JSON.stringify(changes)}`, async () => {
    const files = { "a.md": "", "docs/b.md": "", "docs/c.txt": "", "dist/d.js": "", ".env": "KEY=1" };
    await inTree(files, async (root) => {
      await Promise.resolve();
      assert.deepEqual(paths(settings(root, changes)), expected);
    });
  });
}

Deno.test("directoryFiles() passes by links, pipes and folders that go round in circles", async () => {
  await inTree({ "work/a.md": "a", "outside/secret.md": "no" }, async (root) => {
    const work = `${root}/work`;
    await Deno.symlink("../outside/secret.md", `${work}/link.md`);
    await Deno.symlink("../outside", `${work}/folder`);
    await Deno.symlink(".", `${work}/self`);
    await Deno.symlink("nothing", `${work}/dangling.md`);
    await new Deno.Command("mkfifo", { args: [`${work}/pipe.md`] }).output();
    assert.deepEqual(paths(settings(work)), ["a.md"]);
  });
});

Deno.test("directoryFiles() throws when there is no root", () => {
  assert.throws(() => paths(settings("/no/such/root")), { name: "NotFound" });
});

import assert from "node:assert/strict";
import { grepSearch } from "../../src/tool/grep_search.ts";
import { callTool, inTempDir, refusal } from "./run_tool.ts";

/** A workspace with these files. */
async function inFiles(files: Record<string, string | Uint8Array>, act: (base: string) => Promise<void>) {
  await inTempDir(async (base) => {
    for (const [path, content] of Object.entries(files)) {
      const folder = path.split("/").slice(0, -1).join("/");
      if (folder !== "") await Deno.mkdir(`${base}/${folder}`, { recursive: true });
      await Deno.writeFile(
        `${base}/${path}`,
        typeof content === "string" ? new TextEncoder().encode(content) : content,
      );
    }
    await act(base);
  });
}

const FILES = {
  "a.txt": "one owl\ntwo\nthree\nfour\nfive\nsix\nseven Owls\n",
  "src/b.ts": "const owl = 1;\r\nconst cat = 2;\r\n",
  "src/deep/c.md": "no bird here\n",
  ".env": "OWL_KEY=owl\n",
  ".git/config": "owl\n",
};

/** [arguments, the result] */
const SEARCHES: [input: Record<string, unknown>, told: string][] = [
  [
    { pattern: "owl", context_lines: 0 },
    "2 matching lines; 3 files searched\na.txt:1: one owl\nsrc/b.ts:1: const owl = 1;",
  ],
  [
    { pattern: "owl", context_lines: 0, case_insensitive: true, path: "a.txt" },
    "2 matching lines; 1 file searched\na.txt:1: one owl\na.txt:7: seven Owls",
  ],
  [
    { pattern: "two|four", context_lines: 1, path: "a.txt" },
    [
      "2 matching lines; 1 file searched",
      "a.txt-1- one owl",
      "a.txt:2: two",
      "a.txt-3- three",
      "a.txt:4: four",
      "a.txt-5- five",
      "--",
    ].join("\n"),
  ],
  [
    { pattern: "owl", context_lines: 0, file_pattern: "*.ts" },
    "1 matching line; 1 file searched\nsrc/b.ts:1: const owl = 1;",
  ],
  [
    { pattern: "bird", context_lines: 0, path: "src/" },
    "1 matching line; 2 files searched\nsrc/deep/c.md:1: no bird here",
  ],
  [{ pattern: "bird", path: "src", recursive: false }, "0 matching lines; 1 file searched"],
  [
    { pattern: "o", context_lines: 0, max_results: 2 },
    "a.txt:1: one owl\na.txt:2: two\n… (stopped after 2 matching lines; there may be more)",
  ],
  [{ pattern: "^$" }, "0 matching lines; 3 files searched"],
];
for (const [input, told] of SEARCHES) {
  Deno.test(`grep_search ${JSON.stringify(input)}`, async () => {
    await inFiles(FILES, async (base) => {
      assert.equal(await callTool(grepSearch, JSON.parse(JSON.stringify(input)), { baseDir: base }), told);
    });
  });
}

/** [what, arguments, what is told] */
const REFUSED: [name: string, input: Record<string, string>, told: RegExp][] = [
  ["a pattern with a look-ahead", { pattern: "(?=a)" }, /no regular expression of RE2/],
  ["a pattern that does not end", { pattern: "(a" }, /no regular expression of RE2/],
  ["a path outside", { pattern: "a", path: "../" }, /holds "\.\."/],
  ["an absolute path", { pattern: "a", path: "/etc" }, /outside the working directory/],
  ["a folder that is off limits", { pattern: "a", path: ".git" }, /off limits/],
  ["a file that is off limits", { pattern: "a", path: ".env" }, /off limits/],
  ["what is not there", { pattern: "a", path: "nowhere" }, /there is no such file or directory/],
];
for (const [name, input, told] of REFUSED) {
  Deno.test(`grep_search refuses ${name}`, async () => {
    await inFiles(FILES, async (base) => {
      assert.match(await refusal(callTool(grepSearch, input, { baseDir: base }), base), told);
    });
  });
}

Deno.test("grep_search passes over what it cannot read as text, follows no link, and says so", async () => {
  const files = { "ok.txt": "owl\n", "bin": new Uint8Array([111, 119, 108, 0]), "big.txt": "owl ".repeat(100) };
  await inFiles(files, async (base) => {
    const outside = await Deno.makeTempFile();
    try {
      await Deno.writeTextFile(outside, "owl\n");
      await Deno.symlink(outside, `${base}/link.txt`);
      const told = await callTool(grepSearch, { pattern: "owl", context_lines: 0 }, {
        baseDir: base,
        options: { max_file_size: 100 },
      });
      assert.equal(
        told,
        "1 matching line; 1 file searched; 1 passed over: it is larger than max_file_size; " +
          "1 passed over: it is a binary file\nok.txt:1: owl",
      );
      assert.match(await refusal(callTool(grepSearch, { pattern: "owl", path: "bin" }, { baseDir: base })), /binary/);
    } finally {
      await Deno.remove(outside);
    }
  });
});

Deno.test("grep_search cuts long lines and long results", async () => {
  const files = { "a.txt": `owl ${"x".repeat(600)}\n`.repeat(400) };
  await inFiles(files, async (base) => {
    const told = await callTool(grepSearch, { pattern: "owl", context_lines: 0, max_results: 400 }, { baseDir: base });
    assert.ok(told.length < 41_000, `${told.length}`);
    assert.match(told, /x…\n/);
    assert.match(told, /cut: the result would be too long/);
  });
});

Deno.test("grep_search is done with patterns that make backtracking matchers hang", async () => {
  await inFiles({ "a.txt": `${"a".repeat(50_000)}\n`.repeat(20) }, async (base) => {
    for (const pattern of ["(a+)+b", "(a|a)*b", "a*a*a*a*a*b", "(.*.*.*)*x"]) {
      assert.match(await callTool(grepSearch, { pattern }, { baseDir: base }), /^0 matching lines/);
    }
  });
});

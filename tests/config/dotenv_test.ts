import assert from "node:assert/strict";
import { parseDotenv, readDotenv } from "../../src/config/dotenv.ts";
import { envOf } from "./plugin_tables.ts";

const LINES: readonly (readonly [line: string, value: string])[] = [
  ["A=b", "b"],
  ["A=", ""],
  ["  A = b  ", "b"],
  ["export A=b", "b"],
  ["A=b c", "b c"],
  ["A=b # comment", "b"],
  ["A=b#c", "b#c"],
  ["A= # comment", ""],
  ["A=#b", ""],
  ["A=b=c==", "b=c=="],
  ["A='b # c'", "b # c"],
  ["A='b' # comment", "b"],
  ['A="b # c" # comment', "b # c"],
  ["A='b\\nc'", "b\\nc"],
  ['A="b\\nc\\t\\r\\"d\\"\\\\\\$e"', 'b\nc\t\r"d"\\$e'],
  ['A="b\\qc"', "b\\qc"],
  ['A="b\nc"', "b\nc"],
  ["A='b\n\nc'", "b\n\nc"],
  ['A="b\r\nc"', "b\nc"],
  ["A=$B ${B}", "$B ${B}"],
  ["A=007", "007"],
  ["A=b\nA=c", "c"],
  ["\uFEFFA=b", "b"],
  ["A=b\r\n", "b"],
  ["# x\n\nA=é", "é"],
  ["A=it's", "it's"],
  ["A='it''s'", "it"],
];
for (const [text, value] of LINES) {
  Deno.test(`parseDotenv() reads ${JSON.stringify(text)}`, () => {
    const { variables, problems } = parseDotenv(text, ".env");
    assert.deepEqual([...variables], [["A", value]]);
    assert.deepEqual(problems, []);
  });
}

const PASSED_OVER: readonly (readonly [text: string, line: number, message: RegExp])[] = [
  ["A: b\nC=d", 1, /not NAME=value/],
  ["C=d\n1A=b", 2, /not NAME=value/],
  ["just words\nC=d", 1, /not NAME=value/],
  ["=b\nC=d", 1, /not NAME=value/],
  ['A="b\nC=d', 1, /no closing quote for A/],
  ["A='secret\nC=d", 1, /no closing quote for A/],
];
for (const [text, line, message] of PASSED_OVER) {
  Deno.test(`parseDotenv() passes over a bad line of ${JSON.stringify(text)} and tells it`, () => {
    const { variables, problems } = parseDotenv(text, "/x/.env");
    assert.deepEqual([...variables], [["C", "d"]]);
    assert.deepEqual(problems.map(({ file, position }) => [file, position?.line]), [["/x/.env", line]]);
    assert.match(problems[0]?.message ?? "", message);
    assert.ok(!problems[0]?.message.includes("secret"));
  });
}

function readAll(files: Readonly<Record<string, string>>) {
  const map = new Map(Object.entries(files));
  return (path: string) => Promise.resolve(map.get(path));
}

Deno.test("readDotenv() lets the process win, then the first place of the search", async () => {
  const { env, files } = await readDotenv({
    directories: ["/config", "/cwd"],
    read: readAll({
      "/config/.env": "A=config\nB=config\nC=config\nD=config\n",
      "/config/.env.local": "A=local\nB=local\nC=local\n",
      "/cwd/.env.local": "A=x\nE=cwd local\n",
      "/cwd/.env": "E=cwd\nF=cwd\n",
    }),
    env: envOf({ A: "process", B: "" }),
  });
  assert.deepEqual(["A", "B", "C", "D", "E", "F", "G"].map(env), [
    "process",
    "",
    "local",
    "config",
    "cwd local",
    "cwd",
    undefined,
  ]);
  assert.deepEqual(files, ["/config/.env.local", "/config/.env", "/cwd/.env.local", "/cwd/.env"]);
});

Deno.test("readDotenv() reads a directory once, and gets by without files", async () => {
  const paths: string[] = [];
  const read = (path: string) => {
    paths.push(path);
    return Promise.resolve(undefined);
  };
  const { env, files, problems } = await readDotenv({ directories: ["/a", "/a"], read, env: envOf({ A: "1" }) });
  assert.deepEqual([env("A"), env("constructor"), files, problems], ["1", undefined, [], []]);
  assert.deepEqual(paths, ["/a/.env.local", "/a/.env"]);
});

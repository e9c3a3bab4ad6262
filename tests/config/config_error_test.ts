import assert from "node:assert/strict";
import { ConfigError, type Problem, toLine } from "../../src/config/config_error.ts";

function problem(line: number, column: number, message = "m"): Problem {
  return { file: "a.yaml", position: { line, column }, path: "x", message };
}

Deno.test("ConfigError holds its problems in the order of the file", () => {
  const { problems, message } = new ConfigError([problem(3, 1), problem(1, 9), problem(1, 2), problem(10, 1)]);
  assert.deepEqual(problems.map(({ position }) => [position?.line, position?.column]), [[1, 2], [1, 9], [3, 1], [
    10,
    1,
  ]]);
  assert.equal(message, "a.yaml:1:2: x: m\na.yaml:1:9: x: m\na.yaml:3:1: x: m\na.yaml:10:1: x: m");
});

Deno.test("ConfigError shows the first 50 problems and counts the rest", () => {
  const all = Array.from({ length: 60 }, (_, at) => problem(at + 1, 1));
  const lines = new ConfigError(all).message.split("\n");
  assert.equal(lines.length, 51);
  assert.equal(lines[50], "… and 10 more problems");
  assert.equal(new ConfigError(all).problems.length, 60);
});

Deno.test("toLine() leaves out what a problem does not have", () => {
  assert.equal(toLine({ file: "a.yaml", path: "", message: "m" }), "a.yaml: m");
  assert.equal(toLine({ file: "command line", path: "--model", message: "m" }), "command line: --model: m");
  assert.equal(toLine({ file: "a.yaml", position: { line: 1, column: 2 }, path: "", message: "m" }), "a.yaml:1:2: m");
});

import assert from "node:assert/strict";
import { A2AError } from "../../src/a2a/errors.ts";
import { failureOf } from "../../src/agent/failure.ts";
import { ModelError } from "../../src/model/model.ts";

const GENERAL = "The agent could not finish this task because of an internal error.";

const THROWN: [what: string, thrown: unknown, sentence: string][] = [
  ["a model's error", new ModelError("quota", "The key has no credit left"), "The key has no credit left"],
  ["another agent's error", new A2AError("UNAVAILABLE", "It is away"), "It is away"],
  ["any other error", new TypeError("cannot read /etc/hector.yaml"), GENERAL],
  ["what is no error", "token abc", GENERAL],
];

for (const [what, thrown, sentence] of THROWN) {
  Deno.test(`failureOf() tells a peer of ${what}: ${sentence}`, () => assert.equal(failureOf(thrown), sentence));
}

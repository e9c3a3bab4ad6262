import assert from "node:assert/strict";
import { type Hop, HOPS, hopsOf, passedOn, traceOf, whyNotFurther } from "../../../src/agent/many/hops.ts";

const hop = (agent: string, task = `task of ${agent}`): Hop => ({ agent, task });
const none = () => false;

Deno.test("passedOn() adds who waits to those who waited before, and keeps the trace and nothing else", () => {
  const first = passedOn({ traceparent: "00-1-2-01", tracestate: "a=b", secret: "x", traceid: 1 }, hop("a"));
  assert.deepEqual(first, { traceparent: "00-1-2-01", tracestate: "a=b", [HOPS]: [hop("a")] });
  assert.deepEqual(hopsOf(passedOn(first, hop("b"))), [hop("a"), hop("b")]);
});

for (
  const [what, value] of [["text", "x"], ["a list of texts", ["x"]], ["half a hop", [{ agent: "a" }]], [
    "null",
    null,
  ]] as const
) {
  Deno.test(`hopsOf() makes nothing of ${what}`, () => assert.deepEqual(hopsOf({ [HOPS]: value }), []));
}

Deno.test("traceOf() gives headers, and nothing that would end one", () => {
  assert.deepEqual(traceOf({ traceparent: "00-1", tracestate: "a=b\r\nx-evil: 1" }), { traceparent: "00-1" });
  assert.deepEqual(traceOf({ traceparent: 7 }), {});
});

/** [who is asked, on which way, under way, why not] */
const WAYS: readonly (readonly [agent: string, hops: readonly Hop[], underWay: string, why: RegExp | undefined])[] = [
  ["c", [hop("a"), hop("b")], "task of a", undefined],
  ["a", [hop("a"), hop("b")], "task of a", /^Cannot give "a" a task: it waits for the answer itself \(a → b → a\)$/],
  // Another server's agent of the same name is another agent.
  ["a", [hop("a"), hop("b")], "", undefined],
  ["d", [hop("a"), hop("b"), hop("c"), hop("x")], "", /passed on 4 times, at most 3 \(a → b → c → x → d\)$/],
];

for (const [agent, hops, underWay, why] of WAYS) {
  Deno.test(`whyNotFurther() says ${why ?? "nothing"} of "${agent}" behind ${hops.map(({ agent }) => agent)}`, () => {
    const isUnderWay = underWay === "" ? none : (task: string) => task === underWay;
    const told = whyNotFurther(agent, hops, { maxHops: 3, isUnderWay });
    if (why === undefined) assert.equal(told, undefined);
    else assert.match(told ?? "", why);
  });
}

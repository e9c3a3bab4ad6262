import assert from "node:assert/strict";
import { deepFreeze } from "../../src/config/freeze.ts";
import { Secret } from "../../src/lib/secret.ts";

Deno.test("deepFreeze() freezes objects, lists and what maps hold", () => {
  const value = deepFreeze({ a: { b: [{ c: 1 }] }, m: new Map([["k", { d: [2] }]]) });
  const inner = value.m.get("k");
  for (const each of [value, value.a, value.a.b, value.a.b[0], value.m, inner, inner?.d]) {
    assert.ok(Object.isFrozen(each));
  }
  assert.throws(() => value.a.b.push({ c: 2 }), TypeError);
});

for (const change of ["set", "delete", "clear"] as const) {
  Deno.test(`deepFreeze() takes ${change}() from a map, and leaves it readable`, () => {
    const map = deepFreeze(new Map([["k", 1]]));
    const changes = { set: () => map.set("k", 2), delete: () => map.delete("k"), clear: () => map.clear() };
    assert.throws(changes[change], /Cannot change the configuration: it is frozen/);
    assert.deepEqual([...map], [["k", 1]]);
    assert.equal(map.size, 1);
  });
}

Deno.test("deepFreeze() keeps a secret usable", () => {
  const { key } = deepFreeze({ key: new Secret("s") });
  assert.equal(key.reveal(), "s");
  assert.equal(String(key), "[secret]");
});

Deno.test("deepFreeze() takes values that are nothing to freeze", () => {
  for (const value of [null, undefined, 1, "x", true]) assert.equal(deepFreeze(value), value);
});

import assert from "node:assert/strict";
import { type ApiKey, apiKeyFinder } from "../../src/guard/api_keys.ts";
import { Secret } from "../../src/lib/secret.ts";

const key = (text: string, rest: Partial<ApiKey> = {}): ApiKey => ({ key: new Secret(text), roles: [], ...rest });

const find = apiKeyFinder([
  key("first-key", { subject: "ci", roles: ["deploy"], tenant: "acme" }),
  key("old-key", { subject: "app" }),
  key("new-key", { subject: "app" }),
  key("nameless"),
  key("another"),
], "default");

Deno.test("apiKeyFinder() finds whose key it is", () => {
  assert.deepEqual(find("first-key"), {
    tenant: "acme",
    subject: "api_key:ci",
    roles: ["deploy"],
    anonymous: false,
  });
});

Deno.test("apiKeyFinder() takes two keys of one subject for one caller, so that a key can be changed", () => {
  assert.deepEqual(find("old-key"), find("new-key"));
});

Deno.test("apiKeyFinder() tells keys without a name apart, wherever they stand in the list", () => {
  assert.notEqual(find("nameless")?.subject, find("another")?.subject);
  const alone = apiKeyFinder([key("another")], "default");
  assert.deepEqual(alone("another"), find("another"));
  assert.doesNotMatch(find("nameless")?.subject ?? "", /nameless/);
});

for (const text of ["", "first-ke", "first-key ", "First-Key", "first-keyfirst-key", "first-key\0", "undefined"]) {
  Deno.test(`apiKeyFinder() does not know ${JSON.stringify(text)}`, () => assert.equal(find(text), undefined));
}

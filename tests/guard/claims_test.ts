import assert from "node:assert/strict";
import { callerOf, checkRequired, type Claims } from "../../src/guard/claims.ts";

const NAMES = { subject: "sub", tenant: "tenant_id", roles: ["roles", "role"] };

/** [what, claims, roles] */
const ROLES: readonly (readonly [what: string, claims: Claims, names: readonly string[], roles: readonly string[]])[] =
  [
    ["none", {}, ["roles"], []],
    ["null", { roles: null }, ["roles"], []],
    ["a list", { roles: ["a", "b", "a"] }, ["roles"], ["a", "b"]],
    ["one, with a space in it", { role: "team lead" }, ["role"], ["team lead"]],
    ["two claims", { roles: ["a"], role: "b" }, ["roles", "role"], ["a", "b"]],
    ["scopes", { scope: "read  write" }, ["scope"], ["read", "write"]],
    ["Keycloak's", { realm_access: { roles: ["a"] } }, ["realm_access.roles"], ["a"]],
    ["a name with dots", { "https://x.example/roles": ["a"] }, ["https://x.example/roles"], ["a"]],
    ["a way into nothing", { realm_access: "a" }, ["realm_access.roles"], []],
    ["what no token says", {}, ["__proto__", "constructor.name", "toString"], []],
  ];

for (const [what, claims, names, roles] of ROLES) {
  Deno.test(`callerOf() finds roles: ${what}`, () => {
    assert.deepEqual(callerOf({ sub: "a", ...claims }, { ...NAMES, roles: names }, "default").roles, roles);
  });
}

Deno.test("callerOf() puts whoever names no tenant into the default one", () => {
  assert.deepEqual(callerOf({ sub: "a" }, NAMES, "default"), {
    tenant: "default",
    subject: "jwt:a",
    roles: [],
    anonymous: false,
  });
  assert.equal(callerOf({ sub: "a", tenant_id: "acme" }, NAMES, "default").tenant, "acme");
});

Deno.test("callerOf() never makes a subject that a key or nobody has", () => {
  for (const sub of ["anonymous", "api_key:ci"]) {
    assert.equal(callerOf({ sub }, NAMES, "default").subject, `jwt:${sub}`);
  }
});

/** [what, claims, required, whether they fit] */
const REQUIRED: readonly (readonly [string, Claims, Record<string, (string | number | boolean)[]>, boolean])[] = [
  ["nothing asked", {}, {}, true],
  ["the value", { a: "x" }, { a: ["x"] }, true],
  ["one of several", { a: "y" }, { a: ["x", "y"] }, true],
  ["another value", { a: "z" }, { a: ["x", "y"] }, false],
  ["no value", {}, { a: ["x"] }, false],
  ["one of a list", { a: ["x", "y"] }, { a: ["y"] }, true],
  ["none of a list", { a: ["x"] }, { a: ["y"] }, false],
  ["true", { email_verified: true }, { email_verified: [true] }, true],
  ["true in words", { email_verified: "true" }, { email_verified: [true] }, false],
  ["a number", { level: 3 }, { level: [3] }, true],
  ["anything", { a: 0 }, { a: ["*"] }, true],
  ["anything, but there is nothing", {}, { a: ["*"] }, false],
  ["anything, but it is null", { a: null }, { a: ["*"] }, false],
  ["a star is no value", { a: "*" }, { a: ["x"] }, false],
  ["a scope", { scope: "openid call" }, { scope: ["call"] }, true],
  ["part of a scope", { scope: "openid caller" }, { scope: ["call"] }, false],
  ["words of another claim", { a: "openid call" }, { a: ["call"] }, false],
  ["all of several claims", { a: "x", b: "y" }, { a: ["x"], b: ["y"] }, true],
  ["one of several claims", { a: "x" }, { a: ["x"], b: ["y"] }, false],
  ["a way into a claim", { a: { b: "x" } }, { "a.b": ["x"] }, true],
];

for (const [what, claims, required, fits] of REQUIRED) {
  Deno.test(`checkRequired() ${fits ? "takes" : "refuses"}: ${what}`, () => {
    const check = () => checkRequired(claims, new Map(Object.entries(required)));
    if (fits) check();
    else assert.throws(check, { reason: "PERMISSION_DENIED" });
  });
}

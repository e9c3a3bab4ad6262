import assert from "node:assert/strict";
import { restRoute } from "../../../src/a2a/bindings/rest_route.ts";
import { GRPC_V0_3, GRPC_V1 } from "../../../src/a2a/grpc_services.ts";
import { httpRules, pathOf, variablesOf } from "./http_rules.ts";

/*
 * The definitions say over which HTTP requests a method is served (google.api.http), and tools believe them: they have to
 * say what is served, and all that A2A has.
 */

for (const service of [GRPC_V1, GRPC_V0_3]) {
  const rules = httpRules(service);

  Deno.test(`${service.name}: every method says how it is called over HTTP`, () => {
    const annotated = new Set(rules.map(({ rpc }) => rpc));
    const missing = [...service.operations.keys()].filter((rpc) => !annotated.has(rpc));
    assert.deepEqual(missing, []);
  });

  for (const { rpc, input, method, template, body } of rules) {
    Deno.test(`${service.name}: ${method} ${template} is ${rpc}, and names members of its request`, () => {
      const path = pathOf(template.replace(/^\/\{tenant\}/, ""), (name) => `${name}:1 ä`);
      const route = restRoute(method, path);
      // What 0.3 has in place of the extended card is the card itself.
      const operation = service.operations.get(rpc)?.replace(/^GetAgentCard$/, "GetExtendedAgentCard");
      assert.equal(route?.operation, operation);
      const members = new Set(input.fields.map(({ name }) => name));
      for (const name of [...variablesOf(template), ...body === "" || body === "*" ? [] : [body]]) {
        assert.ok(members.has(name), `${input.typeName} has no ${name}`);
      }
      const given = new Set(Object.values(route?.pathParams ?? {}));
      const named = variablesOf(template).filter((name) => name !== "tenant");
      assert.equal(given.size > 0, named.length > 0, JSON.stringify(route));
      for (const value of given) assert.ok(named.some((name) => value === `${name}:1 ä`), value);
      assert.equal(body !== "", method === "POST", "who posts has a body, and nobody else");
    });
  }
}

Deno.test("every path of 1.0 also begins with a tenant, and none of 0.3 does", () => {
  const templates = (service: typeof GRPC_V1) =>
    httpRules(service).map(({ rpc, method, template }) => `${rpc} ${method} ${template}`);
  const all = templates(GRPC_V1);
  const plain = all.filter((rule) => !rule.includes("{tenant}"));
  const scoped = all.filter((rule) => rule.includes("/{tenant}/")).map((rule) => rule.replace("/{tenant}", ""));
  assert.deepEqual(scoped.toSorted(), plain.toSorted());
  assert.ok(templates(GRPC_V0_3).every((rule) => / \/v1\//.test(rule)));
});

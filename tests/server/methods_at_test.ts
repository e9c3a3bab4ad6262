import assert from "node:assert/strict";
import { methodsAt } from "../../src/server/methods_at.ts";

const ROUTES = [
  { method: "ALL", path: "/*" },
  { method: "POST", path: "/" },
  { method: "GET", path: "/" },
  { method: "POST", path: "/agents/:agent" },
  { method: "POST", path: "/agents/:agent" },
  { method: "GET", path: "/agents/:agent" },
  { method: "GET", path: "/agents" },
];

const ROWS: readonly (readonly [pathname: string, methods: readonly string[]])[] = [
  ["/", ["POST", "GET"]],
  ["/agents", ["GET"]],
  ["/agents/", ["GET"]],
  ["/agents/lab", ["POST", "GET"]],
  ["/agents/lab/", ["POST", "GET"]],
  ["/agents/lab/x", []],
  ["/agents//", []],
  ["/elsewhere", []],
];
for (const [pathname, methods] of ROWS) {
  Deno.test(`methodsAt() knows of ${pathname}: ${methods.join(", ") || "nothing"}`, () => {
    assert.deepEqual(methodsAt(ROUTES, pathname), methods);
  });
}

import assert from "node:assert/strict";
import { toRequest } from "./curl.ts";

Deno.test("toRequest() reads a command line as curl does", async () => {
  const request = toRequest(`# A comment
curl -N -X POST 'http://localhost:8080/?agent=a' \\
  -H "Content-Type: application/json" \\
  -H "Authorization: Bearer <token>" \\
  -d '{
    "a": "b c"
  }'`);
  assert.equal(request.method, "POST");
  assert.equal(request.url, "http://localhost:8080/?agent=a");
  assert.equal(request.headers.get("content-type"), "application/json");
  assert.equal(request.headers.get("authorization"), "Bearer <token>");
  assert.deepEqual(await request.json(), { a: "b c" });
});

Deno.test("toRequest() posts where there is a body, and gets where there is none", () => {
  assert.equal(toRequest("curl http://localhost:8080/x").method, "GET");
  assert.equal(toRequest("curl -N http://localhost:8080/x -d '{}'").method, "POST");
});

Deno.test("toRequest() refuses what it does not know", () => {
  assert.throws(() => toRequest("wget http://localhost/"), /No command of curl/);
  assert.throws(() => toRequest("curl --verbose http://localhost/"), /Unknown option --verbose/);
  assert.throws(() => toRequest("curl -N"), /No URL/);
});

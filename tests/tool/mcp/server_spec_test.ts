import assert from "node:assert/strict";
import { EgressRefused } from "../../../src/lib/egress_rules.ts";
import { McpOptions } from "../../../src/tool/mcp/mcp_options.ts";
import { type HttpSpec, serverSpec } from "../../../src/tool/mcp/server_spec.ts";

const specOf = (options: object) => serverSpec(McpOptions().parse(options), "/config");

function httpOf(options: object): HttpSpec {
  const spec = specOf(options);
  assert.ok(spec.kind === "http");
  return spec;
}

/** [command, what is started] */
const COMMANDS: readonly (readonly [command: string, started: string])[] = [
  ["npx", "npx"],
  ["/usr/bin/serve", "/usr/bin/serve"],
  ["./bin/serve", "/config/bin/serve"],
];
for (const [command, started] of COMMANDS) {
  Deno.test(`serverSpec() starts ${started} for ${command}, in the configuration's folder`, () => {
    const spec = specOf({ command });
    assert.partialDeepStrictEqual(spec, { kind: "program", command: started, cwd: "/config" });
  });
}

Deno.test("serverSpec() takes the transport that is said, and any where none is", () => {
  assert.equal(httpOf({ url: "http://localhost:1/mcp" }).transport, "any");
  assert.equal(httpOf({ url: "http://localhost:1/mcp", transport: "sse" }).transport, "sse");
  assert.equal(specOf({ url: "http://localhost:1/mcp", command: "x", transport: "stdio" }).kind, "program");
});

/** [url, allow, addresses of the host, whether it may be reached] */
const REACH: readonly (readonly [url: string, allow: string[], addresses: string[], isAllowed: boolean])[] = [
  ["http://localhost:3000/mcp", [], ["127.0.0.1"], true],
  ["http://127.0.0.1:3000/mcp", [], ["127.0.0.1"], true],
  ["http://[::1]:3000/mcp", [], ["::1"], true],
  ["https://tools.example/mcp", [], ["93.184.216.34"], true],
  ["http://tools.example/mcp", [], ["93.184.216.34"], false],
  ["https://tools.example/mcp", [], ["10.0.0.7"], false],
  ["https://tools.example/mcp", [], ["127.0.0.1"], false],
  ["http://tools.corp/mcp", ["tools.corp"], ["10.0.0.7"], true],
  ["http://10.0.0.7/mcp", [], ["10.0.0.7"], false],
  ["http://10.0.0.7/mcp", ["10.0.0.0/8"], ["10.0.0.7"], true],
  ["http://169.254.169.254/latest", [], ["169.254.169.254"], false],
];
for (const [url, allow, addresses, isAllowed] of REACH) {
  Deno.test(`serverSpec() ${isAllowed ? "lets" : "keeps"} ${url} at ${addresses} with allow: [${allow}]`, () => {
    const { rules } = httpOf({ url, allow });
    const check = () => rules.checkAddresses(rules.checkUrl(url), addresses);
    if (isAllowed) check();
    else assert.throws(check, EgressRefused);
  });
}

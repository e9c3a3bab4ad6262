import { npmPackages, run } from "./tool_folder.ts";

/*
 * The client of MCP servers against the protocol's own conformance kit: deno run -A tests/conformance/mcp_client.ts
 * What the kit asks of clients that send people to an authorization server is left out: an agent has no browser.
 */

/** [version of the kit, scenarios] */
const KITS: readonly (readonly [version: string, scenarios: readonly string[]])[] = [
  ["0.1.16", [
    "initialize",
    "tools_call",
    "elicitation-sep1034-client-defaults",
    "sse-retry",
    "auth/client-credentials-basic",
  ]],
  // The first that knows the protocol of 2026-07-28.
  ["0.2.0-alpha.12", [
    "initialize",
    "tools_call",
    "elicitation-sep1034-client-defaults",
    "sse-retry",
    "auth/client-credentials-basic",
    "request-metadata",
    "sep-2322-client-request-state",
    "http-standard-headers",
    "http-custom-headers",
    "http-invalid-tool-headers",
    "json-schema-ref-no-deref",
    "json-schema-2020-12-preservation",
  ]],
];

const program = new URL("mcp_client_program.ts", import.meta.url).pathname;
const config = new URL("../../deno.json", import.meta.url).pathname;
const command = `${Deno.execPath()} run -A --no-check --config ${config} ${program}`;
let failed = 0;

for (const [version, scenarios] of KITS) {
  const folder = await npmPackages(`mcp-${version}`, [`@modelcontextprotocol/conformance@${version}`]);
  const kit = `${folder}/node_modules/@modelcontextprotocol/conformance/dist/index.js`;
  for (const scenario of scenarios) {
    // The kit needs a younger Node than is common; Deno will do.
    const { code, out, err } = await run(
      Deno.execPath(),
      ["run", "-A", "--node-modules-dir=manual", kit, "client", "--command", command, "--scenario", scenario],
      { cwd: folder },
    );
    const [told = "no figures"] = /Passed: \d+\/\d+.*/.exec(out + err) ?? [];
    const isGood = code === 0;
    if (!isGood) failed++;
    console.log(isGood ? "ok    " : "FAILED", `${version} ${scenario}: ${told}`);
    if (!isGood) console.log(out, err);
  }
}
console.log(failed === 0 ? "all passed" : `${failed} failed`);
Deno.exit(failed === 0 ? 0 : 1);

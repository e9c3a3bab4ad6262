import { z } from "zod";
import { isRecord, type JsonObject } from "../../src/lib/json.ts";
import { NeedsInput, type Tool } from "../../src/tool/tool.ts";
import { answered, openToolset } from "../tool/mcp/tool_servers.ts";
import { toolContext } from "../tool/run_tool.ts";

/*
 * What MCP's conformance kit starts as a client: an agent that has the tools of the kit's server and calls each of them, as
 * the kit's context says or with arguments that its schema takes. Started by mcp_client.ts.
 */

const Context = z.object({
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  toolCalls: z.array(z.object({ name: z.string(), arguments: z.record(z.string(), z.json()).default({}) })).optional(),
});

const Form = z.object({
  properties: z.record(z.string(), z.looseObject({ type: z.string().optional(), default: z.unknown().optional() }))
    .default({}),
  required: z.array(z.string()).default([]),
});

const SAMPLES = new Map<string, string | number | boolean>([["number", 5], ["integer", 3], ["boolean", true]]);

/** The kit's way to see what has become of a schema. */
const ECHO = { tool: "json_schema_echo", of: "json_schema_2020_12_tool" };

const url = Deno.args.at(-1) ?? "";
const context = Context.parse(JSON.parse(Deno.env.get("MCP_CONFORMANCE_CONTEXT") ?? "{}"));

await using toolset = openToolset({ url, ...await credentials() });
const tools = await toolset.tools(new AbortController().signal);
for (const { name, arguments: input } of context.toolCalls ?? tools.map(anyCall)) {
  const tool = tools.find((tool) => tool.name === name);
  // The kit offers tools that no client may use: they are left out.
  if (tool !== undefined) await callTo(tool, input);
}

/** Says yes to whatever is asked. */
async function callTo(tool: Tool, input: JsonObject): Promise<void> {
  let going = {};
  for (;;) {
    try {
      const { content } = await tool.run(input, toolContext(going));
      console.log(`${tool.name}: ${content}`);
      return;
    } catch (thrown) {
      if (!(thrown instanceof NeedsInput)) {
        console.log(`${tool.name}: ${thrown}`);
        return;
      }
      going = answered(thrown, [{ data: { action: "accept", content: anyOf(thrown.question[1]?.data) } }]);
    }
  }
}

/** An operator knows whom he trusts; here it is whom the kit's server names. */
async function credentials(): Promise<object> {
  const { client_id, client_secret } = context;
  if (client_id === undefined || client_secret === undefined) return {};
  const { origin, pathname } = new URL(url);
  const metadata = await (await fetch(`${origin}/.well-known/oauth-protected-resource${pathname}`)).json();
  return { oauth: { client_id, client_secret, issuer: metadata.authorization_servers[0] }, allow: ["localhost"] };
}

function anyCall({ name, input }: Tool): { readonly name: string; readonly arguments: JsonObject } {
  if (name !== ECHO.tool) return { name, arguments: valuesOf(input) };
  return { name, arguments: { schema: tools.find(({ name }) => name === ECHO.of)?.input ?? {} } };
}

/** Values for what a form needs; the rest is left to its defaults. */
function anyOf(question: unknown): JsonObject {
  return isRecord(question) && isRecord(question.requestedSchema) ? valuesOf(question.requestedSchema) : {};
}

function valuesOf(schema: unknown): JsonObject {
  const { properties, required } = Form.parse(schema);
  return Object.fromEntries(
    Object.entries(properties).filter(([name, field]) => required.includes(name) && field.default === undefined)
      .map(([name, { type }]) => [name, SAMPLES.get(type ?? "") ?? "text"]),
  );
}

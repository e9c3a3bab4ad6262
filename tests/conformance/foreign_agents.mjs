// Agents of Google ADK and of Strands Agents behind their A2A servers, in Node: started by foreign_agents.ts with the
// folder of their packages and the URL of a simulated model. Prints their ports as JSON; ends with its standard input.
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { pathToFileURL } from "node:url";

const [packages, modelUrl] = process.argv.slice(2);
const require = createRequire(`${packages}/package.json`);
const load = async (name) => await import(pathToFileURL(require.resolve(name)).href);
process.env.GOOGLE_GEMINI_BASE_URL = modelUrl;

// Who logs to standard output must not be taken for us.
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

async function serveAdk() {
  const { FunctionTool, Gemini, LlmAgent, toA2a } = await load("@google/adk");
  const { z } = await load("zod");
  const port = await freePort();
  const weather = new FunctionTool({
    name: "weather",
    description: "The weather of a city",
    parameters: z.object({ city: z.string() }),
    execute: ({ city }) => ({ report: `rain in ${city}` }),
  });
  const agent = new LlmAgent({
    name: "adk_agent",
    description: "Knows the weather",
    model: new Gemini({ model: "gemini-2.5-flash", apiKey: "none" }),
    instruction: "Tell the weather.",
    tools: [weather],
  });
  const app = await toA2a(agent, { host: "127.0.0.1", port, protocol: "http", allowUnauthenticated: true });
  await new Promise((resolve) => app.listen(port, "127.0.0.1", resolve));
  return port;
}

async function serveStrands() {
  const { Agent } = await load("@strands-agents/sdk");
  const { A2AExpressServer } = await load("@strands-agents/sdk/a2a/express");
  const { OpenAIModel } = await load("@strands-agents/sdk/models/openai");
  const port = await freePort();
  const model = new OpenAIModel({
    api: "chat",
    modelId: "gpt-4o",
    apiKey: "none",
    clientConfig: { baseURL: `${modelUrl}/v1` },
  });
  // One for each conversation, which it remembers.
  const agentFactory = () => new Agent({ model, printer: false });
  const server = new A2AExpressServer({
    agentFactory,
    name: "strands_agent",
    description: "Answers",
    host: "127.0.0.1",
    port,
  });
  server.serve().catch((thrown) => console.error(thrown));
  for (;;) {
    const isUp = await fetch(`http://127.0.0.1:${port}/.well-known/agent-card.json`).then(() => true, () => false);
    if (isUp) return port;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const [adk, strands] = await Promise.all([serveAdk(), serveStrands()]);
print(`${JSON.stringify({ adk, strands })}\n`);
process.stdin.on("end", () => process.exit(0)).resume();

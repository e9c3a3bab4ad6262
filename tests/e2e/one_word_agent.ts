import type { HectorServer } from "./hector_process.ts";

/** A configuration whose only agent, `a`, says one word. */
export function answering(word: string): string {
  return `agents: {a: {llm: m}}\nllms: {m: {provider: scripted, default: {text: "${word}"}}}\n`;
}

/** What the agent `a` of a server answers. */
export async function ask({ url }: Pick<HectorServer, "url">): Promise<string> {
  const response = await fetch(`${url}/v1/agents/a/message:send`, {
    method: "POST",
    headers: { "content-type": "application/json", "a2a-version": "1.0" },
    body: JSON.stringify({
      message: { messageId: crypto.randomUUID(), role: "ROLE_USER", parts: [{ text: "hello" }] },
    }),
  });
  const { task } = await response.json();
  return task.artifacts[0].parts[0].text;
}

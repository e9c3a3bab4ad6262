/* A model that costs nothing: streams one chat completion at once (OpenAI Chat Completions, with usage). */
const FRAME = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "mock" };

function frame(delta: Readonly<Record<string, string>>, finish_reason: string | null): string {
  return `data: ${JSON.stringify({ ...FRAME, choices: [{ index: 0, delta, finish_reason }], usage: null })}\n\n`;
}

const usage = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 };
const answer = new TextEncoder().encode(
  frame({ role: "assistant", content: "" }, null) +
    frame({ content: "The capital of France " }, null) +
    frame({ content: "is Paris." }, null) +
    frame({}, "stop") +
    `data: ${JSON.stringify({ ...FRAME, choices: [], usage })}\n\n` +
    "data: [DONE]\n\n",
);

const { addr } = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
  await request.json();
  const body = new ReadableStream({
    pull(controller) {
      controller.enqueue(answer);
      controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
});
console.log(`http://127.0.0.1:${addr.port}`);

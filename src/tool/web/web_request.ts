import { z } from "zod";
import { late } from "../../lib/late.ts";
import { definePlugin } from "../../lib/plugin.ts";
import { defineTool } from "../define_tool.ts";
import { type Tool, type ToolDeps, ToolRefusal, type ToolResult } from "../tool.ts";
import { askWeb, textOfAnswer, type WebAnswer } from "./ask_web.ts";
import { toPolicy, webOptions } from "./web_options.ts";

const MEBIBYTE = 1024 * 1024;
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
const Method = late(() => z.string().toUpperCase().pipe(z.enum(METHODS)));

const Options = late(() =>
  webOptions(50 * MEBIBYTE).extend({
    max_request_size: z.int().positive().default(10 * MEBIBYTE).meta({
      description: "Largest body to send, in bytes.",
    }),
    allowed_methods: z.array(Method()).min(1).default([...METHODS]).meta({ description: "Methods that may be used." }),
    max_output_chars: z.int().min(100).default(40_000)
      .meta({ description: "Longest text that the model reads; what is longer is kept whole beside it." }),
  })
);

const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Headers that say where a request ends or where it goes, which is ours to say (RFC 9110 §7.6.1, §7.2). */
const OURS: ReadonlySet<string> = new Set(
  ["host", "connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "keep-alive", "expect"],
);

/** Headers of an answer that a model can use. */
const SHOWN = ["content-type", "location", "etag", "last-modified", "retry-after", "link", "www-authenticate"];

/** Sends one HTTP request. */
export const webRequest = definePlugin({
  options: Options,
  create: (options, { fetch }: ToolDeps): Tool => {
    const policy = toPolicy(options);
    const methods = options.allowed_methods;
    return defineTool({
      name: "web_request",
      description: `Send an HTTP request (${methods.join(", ")}) and read the answer: status, headers, body.`,
      input: () =>
        z.strictObject({
          url: z.string().max(8_192).describe("The whole URL, with https."),
          method: Method().pipe(z.enum(methods)).default(methods[0] ?? "GET").describe("The method."),
          headers: z.record(z.string().regex(HEADER_NAME), z.string().regex(HEADER_VALUE)).default({})
            .refine((headers) => !Object.keys(headers).some((name) => OURS.has(name.toLowerCase())), {
              error: "says where the request goes or ends, which is not up to its sender",
            }).describe("Headers to send."),
          body: z.string().optional().describe("The body to send."),
        }),
      replay: "once",
      needsApproval: () => true,
      run: async ({ url, method, headers, body }, { signal }) => {
        const bytes = new TextEncoder().encode(body ?? "").length;
        if (bytes > options.max_request_size) {
          throw new ToolRefusal(`Cannot send ${bytes} bytes: at most ${options.max_request_size} are allowed`);
        }
        const sent = { "user-agent": options.user_agent, ...lowerCased(headers) };
        const request = { url, method, headers: sent, signal, ...(body === undefined ? {} : { body }) };
        return showAnswer(await askWeb(fetch, request, policy), options.max_output_chars);
      },
    });
  },
});

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function showAnswer(answer: WebAnswer, maxChars: number): ToolResult {
  const { status, headers, mediaType, bytes } = answer;
  const shown = SHOWN.flatMap((name) => headers.has(name) ? [`${name}: ${headers.get(name)}`] : []);
  const head = [`HTTP ${status}`, ...shown, ""].join("\n");
  const isError = status >= 400;
  const whole = { mediaType: mediaType || "application/octet-stream", raw: bytes.toBase64(), filename: "body" };
  const text = textOfAnswer(answer);
  if (text === undefined) {
    const content = `${head}\n(${bytes.length} bytes of ${mediaType}, which is no text; kept as a file of the task)`;
    return { content, isError, parts: [whole] };
  }
  if (text.length <= maxChars) return { content: `${head}\n${text}`, isError };
  const cut = `… (${text.length} characters in all; the whole is kept as a file of the task)`;
  return { content: `${head}\n${text.slice(0, maxChars).toWellFormed()}\n${cut}`, isError, parts: [whole] };
}

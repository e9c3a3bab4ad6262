import type { CallToolResult } from "@modelcontextprotocol/client";
import { z } from "zod";
import type { Part } from "../../a2a/types.ts";
import type { ToolResult } from "../tool.ts";

export interface ResultLimits {
  /** Of all files and data of a result. */
  readonly maxBytes: number;
}

type Block = CallToolResult["content"][number];

interface Read {
  readonly text: string;
  readonly part?: Part;
}

/**
 * A server's result: the model reads text, and what it cannot read is named to it; files and data become artifacts of the
 * task. What is said again in text is not said twice: structured content that a text block repeats is data only.
 */
export function toToolResult(result: CallToolResult, { maxBytes }: ResultLimits): ToolResult {
  const read = result.content.map(readBlock);
  const structured = result.structuredContent === undefined ? undefined : z.json().parse(result.structuredContent);
  const parts: Part[] = [];
  const notes: string[] = [];
  let bytes = 0;
  const take = (part: Part, what: string) => {
    bytes += sizeOf(part);
    if (bytes <= maxBytes) parts.push(part);
    else notes.push(`[${what} is left out: the result is larger than ${maxBytes} bytes]`);
  };
  for (const { part, text } of read) if (part !== undefined) take(part, text);
  if (structured !== undefined) take({ data: structured, mediaType: "application/json" }, "structured content");
  const texts = read.map(({ text }) => text).filter((text) => text !== "");
  if (structured !== undefined && !read.some(({ part }) => part === undefined)) texts.push(JSON.stringify(structured));
  const content = [...texts, ...notes].join("\n");
  return {
    content: content === ""
      ? result.isError === true ? "The tool failed and does not say why." : "Done; nothing to tell."
      : content,
    ...(result.isError === true ? { isError: true } : {}),
    ...(parts.length === 0 ? {} : { parts }),
  };
}

function readBlock(block: Block): Read {
  switch (block.type) {
    case "text":
      return { text: block.text };
    case "image":
    case "audio":
      return file(block.data, { mediaType: block.mimeType });
    case "resource_link": {
      const { uri, name, mimeType, description } = block;
      const about = [name, mimeType, description].filter((word) => word !== undefined).join(", ");
      const text = `[resource ${uri}: ${about}]`;
      // A link that others can follow. All other schemes mean something to the server alone.
      if (!/^https?:/i.test(uri)) return { text };
      return { text, part: { url: uri, filename: name, ...(mimeType === undefined ? {} : { mediaType: mimeType }) } };
    }
    case "resource": {
      const { resource } = block;
      if ("text" in resource) return { text: `[resource ${resource.uri}]\n${resource.text}` };
      const filename = resource.uri.split(/[/?#]/).filter((piece) => piece !== "").at(-1);
      return file(resource.blob, { mediaType: resource.mimeType ?? "application/octet-stream", filename });
    }
    default:
      block satisfies never;
      return { text: "" };
  }
}

function file(base64: string, about: { readonly mediaType: string; readonly filename?: string | undefined }): Read {
  const { mediaType, filename } = about;
  const name = filename === undefined ? mediaType : `${filename}, ${mediaType}`;
  const bytes = Math.floor(base64.replace(/=+$/, "").length * 3 / 4);
  return {
    text: `[file: ${name}, ${bytes} bytes]`,
    part: { raw: base64, mediaType, ...(filename === undefined ? {} : { filename }) },
  };
}

function sizeOf({ raw, data, url }: Part): number {
  return (raw ?? url ?? JSON.stringify(data) ?? "").length;
}

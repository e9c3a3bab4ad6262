import { A2AError } from "./errors.ts";
import type { A2AService } from "./service.ts";
import type { Part, SendMessageRequest } from "./types.ts";

/**
 * The service of an agent that takes files of these media types alone; a star stands for any subtype, or for any type.
 * undefined: it takes what comes. Text and data are taken whatever they are called, and a file without a media type says
 * nothing that could be refused. Others are CONTENT_TYPE_NOT_SUPPORTED before anything is recorded (A2A v1 §3.1.1).
 */
export function takingOnly(service: A2AService, mediaTypes: readonly string[] | undefined): A2AService {
  const taken = new Set(mediaTypes?.map((type) => type.toLowerCase()));
  if (mediaTypes === undefined || taken.has("*/*")) return service;
  return {
    ...service,
    sendMessage: async (request, call) => {
      const refusal = refusalOf(request, taken);
      if (refusal !== undefined) throw refusal;
      return await service.sendMessage(request, call);
    },
    sendStreamingMessage: (request, call) => {
      const refusal = refusalOf(request, taken);
      return refusal === undefined ? service.sendStreamingMessage(request, call) : refused(refusal);
    },
  };
}

function refusalOf({ message: { parts } }: SendMessageRequest, taken: ReadonlySet<string>): A2AError | undefined {
  const at = parts.findIndex((part) => !isTaken(part, taken));
  if (at < 0) return undefined;
  const mediaTypes = [...taken].join(", ");
  const description = `${JSON.stringify(parts[at]?.mediaType)} is not among what this agent takes: ${mediaTypes}`;
  return new A2AError("CONTENT_TYPE_NOT_SUPPORTED", `Cannot take the message: ${description}`, {
    violations: [{ field: `message.parts.${at}.mediaType`, description }],
    metadata: { mediaTypes },
  });
}

function isTaken({ raw, url, mediaType }: Part, taken: ReadonlySet<string>): boolean {
  if (mediaType === undefined || (raw === undefined && url === undefined)) return true;
  // Without parameters such as a charset (RFC 9110 §8.3.1).
  const type = mediaType.replace(/;.*/s, "").trim().toLowerCase();
  return taken.has(type) || taken.has(type.replace(/\/.*/s, "/*"));
}

async function* refused(error: A2AError): AsyncGenerator<never> {
  yield await Promise.reject(error);
}

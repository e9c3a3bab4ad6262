import {
  createFileRegistry,
  type DescMessage,
  type FileRegistry,
  fromBinary,
  fromJson,
  type JsonReadOptions,
  type JsonValue,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { A2AError } from "../errors.ts";
import { DESCRIPTOR_SET } from "./descriptor_set.ts";

/** One message type: its bytes ⇄ its ProtoJSON, which is what the core's objects are. */
export interface MessageCodec {
  /** Throws A2AError PARSE_ERROR for bytes that are no such message. */
  decode(bytes: Uint8Array): unknown;
  /** Members that the type does not know are left out. */
  encode(json: unknown): Uint8Array<ArrayBuffer>;
}

/** One method of a service. */
export interface MethodCodec {
  readonly name: string;
  readonly input: MessageCodec;
  readonly output: MessageCodec;
}

/** All definitions of proto/. */
export interface Codec {
  readonly registry: FileRegistry;
  /** Throws TypeError for a type that is not defined. */
  message(typeName: string): MessageCodec;
  /** Throws TypeError for a service that is not defined. */
  methods(service: string): readonly MethodCodec[];
}

let loaded: Promise<Codec> | undefined;

/** The one codec of the process; it is unpacked when it is wanted first. */
export function loadCodec(): Promise<Codec> {
  return loaded ??= unpack();
}

async function unpack(): Promise<Codec> {
  const packed = Uint8Array.from(atob(DESCRIPTOR_SET.replaceAll("\n", "")), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return createCodec(createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes)));
}

function createCodec(registry: FileRegistry): Codec {
  return {
    registry,
    message(typeName) {
      const type = registry.getMessage(typeName);
      if (type === undefined) throw new TypeError(`No message "${typeName}" is defined in proto/`);
      return messageCodec(type, registry);
    },
    methods(service) {
      const found = registry.getService(service);
      if (found === undefined) throw new TypeError(`No service "${service}" is defined in proto/`);
      return found.methods.map(({ name, input, output }) => ({
        name,
        input: messageCodec(input, registry),
        output: messageCodec(output, registry),
      }));
    },
  };
}

function messageCodec(type: DescMessage, registry: FileRegistry): MessageCodec {
  return {
    decode(bytes) {
      try {
        return toJson(type, fromBinary(type, bytes), { registry });
      } catch (cause) {
        throw new A2AError("PARSE_ERROR", `Cannot read the request: it is no ${type.typeName}`, { cause });
      }
    },
    encode(json) {
      if (!isJson(json)) throw new TypeError(`Cannot write nothing as ${type.typeName}`);
      return toBinary(type, readJson(type, json, { registry, ignoreUnknownFields: true }));
    },
  };
}

/**
 * A text of JavaScript may hold half of a pair, as when a model's answer is cut between two units; UTF-8 may not. Such texts
 * are rare, so they are mended when they are met.
 */
function readJson(type: DescMessage, json: JsonValue, options: Partial<JsonReadOptions>) {
  try {
    return fromJson(type, json, options);
  } catch (thrown) {
    const mended: JsonValue = JSON.parse(
      JSON.stringify(json, (_name, value) => isText(value) ? value.toWellFormed() : value),
    );
    if (JSON.stringify(mended) === JSON.stringify(json)) throw thrown;
    return fromJson(type, mended, options);
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** What hector writes is made of JSON all the way down; only nothing at all has to be told apart. */
function isJson(value: unknown): value is JsonValue {
  return value !== undefined;
}

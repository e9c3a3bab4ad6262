import { type DescFile, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import type { Codec } from "../a2a/proto/codec.ts";
import { binaryValue } from "../lib/grpc/grpc_metadata.ts";
import type { GrpcMethod } from "../lib/grpc/grpc_server.ts";
import { GRPC_STATUS } from "../lib/grpc/grpc_status.ts";
import { isRecord } from "../lib/json.ts";

const PACKAGES = ["grpc.reflection.v1", "grpc.reflection.v1alpha"];

/** Full names of the services below. */
export const REFLECTION_SERVICES: readonly string[] = PACKAGES.map((name) => `${name}.ServerReflection`);

/** Tells tools what is served (https://github.com/grpc/grpc/blob/master/doc/server-reflection.md), in both versions. */
export function grpcReflection(codec: Codec, services: readonly string[]): Map<string, GrpcMethod> {
  return new Map(PACKAGES.map((name): [string, GrpcMethod] => {
    const request = codec.message(`${name}.ServerReflectionRequest`);
    const response = codec.message(`${name}.ServerReflectionResponse`);
    const answer = async function* (requests: AsyncIterable<Uint8Array<ArrayBuffer>>) {
      for await (const bytes of requests) {
        const asked = request.decode(bytes);
        const originalRequest = isRecord(asked) ? asked : {};
        yield response.encode({ originalRequest, ...reflect(originalRequest, codec, services) });
      }
    };
    return [`/${name}.ServerReflection/ServerReflectionInfo`, { kind: "bidi", answer }];
  }));
}

type Answer = Readonly<Record<string, unknown>>;

/** One of the kinds of answer. What cannot be found is an answer, too. */
function reflect(request: Record<string, unknown>, codec: Codec, services: readonly string[]): Answer {
  const { fileByFilename, fileContainingSymbol, fileContainingExtension, allExtensionNumbersOfType } = request;
  if ("listServices" in request) {
    return { listServicesResponse: { service: services.map((name) => ({ name })) } };
  }
  if (typeof fileByFilename === "string") return fileAnswer(fileNamed(codec, fileByFilename));
  if (typeof fileContainingSymbol === "string") return fileAnswer(fileOf(codec, fileContainingSymbol));
  if (isRecord(fileContainingExtension)) {
    const { containingType, extensionNumber } = fileContainingExtension;
    return fileAnswer(extensionsOf(codec, containingType).find(({ number }) => number === extensionNumber)?.file);
  }
  if (typeof allExtensionNumbersOfType === "string") {
    const extensionNumber = extensionsOf(codec, allExtensionNumbersOfType).map(({ number }) => number);
    return { allExtensionNumbersResponse: { baseTypeName: allExtensionNumbersOfType, extensionNumber } };
  }
  return errorAnswer("INVALID_ARGUMENT", "The request asks nothing that is known");
}

function fileNamed({ registry }: Codec, path: string): DescFile | undefined {
  return [...registry.files].find(({ proto }) => proto.name === path);
}

/** The file of a service, message, enum or extension, or of a method or field within one of them. */
function fileOf({ registry }: Codec, symbol: string): DescFile | undefined {
  return (registry.get(symbol) ?? registry.get(symbol.slice(0, Math.max(symbol.lastIndexOf("."), 0))))?.file;
}

function extensionsOf({ registry }: Codec, typeName: unknown) {
  return [...registry].filter((found) => found.kind === "extension").filter(({ extendee }) =>
    extendee.typeName === typeName
  );
}

function fileAnswer(file: DescFile | undefined): Answer {
  if (file === undefined) return errorAnswer("NOT_FOUND", "There is no such definition");
  const files = new Set<DescFile>();
  addWithImports(file, files);
  const fileDescriptorProto = [...files].map(({ proto }) => binaryValue(toBinary(FileDescriptorProtoSchema, proto)));
  return { fileDescriptorResponse: { fileDescriptorProto } };
}

/** The file first: readers that ask for a symbol take it for the one that defines it. */
function addWithImports(file: DescFile, files: Set<DescFile>): void {
  if (files.has(file)) return;
  files.add(file);
  for (const imported of file.dependencies) addWithImports(imported, files);
}

function errorAnswer(status: "INVALID_ARGUMENT" | "NOT_FOUND", errorMessage: string): Answer {
  return { errorResponse: { errorCode: GRPC_STATUS[status], errorMessage } };
}

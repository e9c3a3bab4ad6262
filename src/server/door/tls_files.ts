import { createPrivateKey, X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { SettingError } from "../../lib/setting_error.ts";
import type { TlsTerms } from "./tls.ts";

/** PEM files, by absolute paths. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
  readonly clientCaFile?: string | undefined;
}

/** What the files hold. */
export type TlsMaterial = Omit<TlsTerms, "minVersion">;

/** Reads the files and makes sure that a server can use them. Throws SettingError, which names the file and what is wrong. */
export function readTlsFiles(files: TlsFiles): TlsMaterial {
  const material = readMaterial(files);
  checkMaterial(material, files);
  return material;
}

/** What the files hold, whatever that is. Throws SettingError. */
export function readMaterial({ certFile, keyFile, clientCaFile }: TlsFiles): TlsMaterial {
  return {
    certificate: { cert: readText("cert_file", certFile), key: readText("key_file", keyFile) },
    clientAuthorities: clientCaFile === undefined ? undefined : readText("client_ca_file", clientCaFile),
  };
}

/** Throws SettingError unless a server can use `material`. */
export function checkMaterial(material: TlsMaterial, { certFile, keyFile, clientCaFile = "" }: TlsFiles): void {
  const { certificate: { cert, key }, clientAuthorities } = material;
  const refuseCert = refuser("cert_file", certFile);
  const refuseKey = refuser("key_file", keyFile);
  const leaf = readCertificate(cert, refuseCert);
  if (/^-----BEGIN ENCRYPTED|^Proc-Type: .*ENCRYPTED/m.test(key)) {
    throw refuseKey("its key is encrypted; write it without a passphrase: openssl pkey -in KEY -out NEW_KEY");
  }
  if (!/-----BEGIN (RSA |EC )?PRIVATE KEY-----/.test(key)) {
    throw refuseKey("it holds no private key in PEM (-----BEGIN PRIVATE KEY-----)");
  }
  const own = attempt(() => createPrivateKey(key), (cause) => refuseKey("its private key cannot be read", cause));
  if (!leaf.checkPrivateKey(own)) throw refuseKey(`its key does not belong to the certificate in "${certFile}"`);
  attempt(
    () => createSecureContext({ cert, key }),
    (cause) => refuseCert(`a server cannot use it: ${cause instanceof Error ? cause.message : String(cause)}`, cause),
  );
  if (clientAuthorities !== undefined) readCertificate(clientAuthorities, refuser("client_ca_file", clientCaFile));
}

/** Until when the server's own certificate is good, in milliseconds since the epoch. */
export function goodUntil({ certificate }: TlsMaterial): number {
  return Date.parse(new X509Certificate(certificate.cert).validTo);
}

type Refuse = (what: string, cause?: unknown) => SettingError;

function refuser(setting: string, path: string): Refuse {
  return (what, cause) => new SettingError(`Cannot use server.tls.${setting} "${path}": ${what}`, { cause });
}

/** The first certificate of a file: on a server's its own. */
function readCertificate(text: string, refuse: Refuse): X509Certificate {
  if (!text.includes("-----BEGIN CERTIFICATE-----")) {
    throw refuse("it holds no certificate in PEM (-----BEGIN CERTIFICATE-----)");
  }
  return attempt(() => new X509Certificate(text), (cause) => refuse("its certificate cannot be read", cause));
}

function readText(setting: string, path: string): string {
  return attempt(() => Deno.readTextFileSync(path), (cause) => {
    const refuse = refuser(setting, path);
    if (cause instanceof Deno.errors.NotFound) return refuse("there is no such file", cause);
    return refuse(cause instanceof Deno.errors.PermissionDenied ? "it may not be read" : "it cannot be read", cause);
  });
}

function attempt<T>(act: () => T, refused: (cause: unknown) => SettingError): T {
  try {
    return act();
  } catch (cause) {
    throw refused(cause);
  }
}

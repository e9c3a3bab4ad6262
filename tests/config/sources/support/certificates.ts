import { run } from "../../../conformance/tool_folder.ts";
import { debianFolder } from "./debian_folder.ts";

/** Paths of PEM files; the server's certificate is for 127.0.0.1 and localhost, the client's is by the same authority. */
export interface Certificates extends AsyncDisposable {
  readonly folder: string;
  readonly ca: string;
  readonly server: { readonly cert: string; readonly key: string };
  readonly client: { readonly cert: string; readonly key: string };
}

/** The machine's openssl, or Debian's unpacked. */
export async function findOpenssl(): Promise<string> {
  const { code } = await run("openssl", ["version"]).catch(() => ({ code: 1 }));
  return code === 0 ? "openssl" : `${await debianFolder("openssl", ["openssl"])}/usr/bin/openssl`;
}

/** New certificates of an authority that nobody else knows. */
export async function makeCertificates(openssl: string): Promise<Certificates> {
  const folder = await Deno.makeTempDir();
  const make = async (...args: string[]) => {
    const { code, err } = await run(openssl, args, { cwd: folder });
    if (code !== 0) throw new Error(err);
  };
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await make("req", "-x509", ...ec, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test CA");
  for (const [name, usage] of [["server", "serverAuth,clientAuth"], ["client", "clientAuth"]]) {
    const extensions = `subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=${usage}\n`;
    await Deno.writeTextFile(`${folder}/${name}.ext`, extensions);
    await make("req", ...ec, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
    const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", `${name}.ext`];
    await make("x509", "-req", "-in", `${name}.csr`, ...signed, "-out", `${name}.pem`);
  }
  const pair = (name: string) => ({ cert: `${folder}/${name}.pem`, key: `${folder}/${name}.key` });
  return {
    folder,
    ca: `${folder}/ca.pem`,
    server: pair("server"),
    client: pair("client"),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

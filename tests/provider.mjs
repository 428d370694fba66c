// An identity provider as ProConnect is one, on this machine. It says the port it answers at, signs in whom the
// last POST to /control named, without asking, and ends with whoever started it.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const back = process.argv[2];
const levels = ["eidas1", "eidas2", "https://proconnect.gouv.fr/assurance/self-asserted-2fa"];
let person = { sub: "sub-1", acr: "eidas2", siret: "11000001500014" };

function client(id, more = {}) {
  return {
    client_id: id,
    client_secret: `secret of ${id} that nobody else has`,
    redirect_uris: [`${back}/connexion/proconnect/retour`],
    post_logout_redirect_uris: [`${back}/connexion/sorti`],
    token_endpoint_auth_method: "client_secret_post",
    userinfo_signed_response_alg: "ES256",
    ...more,
  };
}

const configuration = {
  clients: [
    client("mesure23"),
    client("other"),
    client("rsa", { id_token_signed_response_alg: "RS256", userinfo_signed_response_alg: "RS256" }),
    client("unsigned", { userinfo_signed_response_alg: undefined }),
    client("shared", { userinfo_signed_response_alg: "HS256" }),
    client("shared-token", { id_token_signed_response_alg: "HS256" }),
  ],
  clientDefaults: { id_token_signed_response_alg: "ES256" },
  enabledJWA: {
    idTokenSigningAlgValues: ["RS256", "ES256", "HS256"],
    userinfoSigningAlgValues: ["RS256", "ES256", "HS256"],
  },
  jwks: { keys: [] },
  acrValues: levels,
  scopes: ["openid", "siret"],
  claims: { openid: ["sub"], siret: ["siret"], acr: null },
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false },
    claimsParameter: { enabled: true },
    jwtUserinfo: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  ttl: { AccessToken: 60, AuthorizationCode: 30, IdToken: 60, Interaction: 600, Session: 600, Grant: 600 },
  cookies: { keys: ["of this test alone"] },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, siret: sub === person.sub ? person.siret : "" }) }),
};

async function signIn(provider, request, response) {
  const { params, grantId } = await provider.interactionDetails(request, response);
  const asked = JSON.parse(params.claims ?? "{}").id_token?.acr;
  if (asked?.essential && !asked.values.includes(person.acr)) {
    const error_description = "none of the requested ACRs could be obtained";
    await provider.interactionFinished(request, response, { error: "access_denied", error_description });
    return;
  }
  const grant =
    (grantId && (await provider.Grant.find(grantId))) ??
    new provider.Grant({ accountId: person.sub, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const done = { login: { accountId: person.sub, acr: person.acr }, consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, done, { mergeWithLastSubmission: true });
}

async function read(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString());
}

async function newKey(kty, alg) {
  const kinds = { RSA: { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" } };
  const of = kinds[kty] ?? { name: "ECDSA", namedCurve: "P-256" };
  const pair = await crypto.subtle.generateKey(of, true, ["sign", "verify"]);
  const { key_ops, ext, ...jwk } = await crypto.subtle.exportKey("jwk", pair.privateKey);
  return { ...jwk, alg, use: "sig", kid: `${kty}-${Math.random().toString(36).slice(2)}` };
}

const server = createServer();
server.listen(0, "127.0.0.1", async () => {
  const { port } = server.address();
  configuration.jwks.keys = [await newKey("EC", "ES256"), await newKey("RSA", "RS256")];
  const provider = new Provider(`http://127.0.0.1:${port}`, configuration);
  const answer = provider.callback();
  server.on("request", async (request, response) => {
    if (request.url === "/control") {
      person = { ...person, ...(await read(request)) };
      response.end();
    } else if (request.url.startsWith("/interaction/")) {
      await signIn(provider, request, response);
    } else {
      answer(request, response);
    }
  });
  process.stdout.write(`${port}\n`);
});
process.stdin.resume().on("end", () => process.exit());

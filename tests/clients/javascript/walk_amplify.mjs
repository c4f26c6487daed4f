// aws-amplify, the library for web and React Native apps: its own SRP, its own devices.

import assert from "node:assert/strict";
import { Amplify } from "aws-amplify";
import * as auth from "aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "aws-amplify/auth/cognito";
import { ask, goodbye, settings, tell } from "./person.mjs";

const { username, password, email, poolId, clientId, url } = settings;

// Amplify names a device after its browser. Node.js 20 has no `navigator`, and without one Amplify drops the device silently.
globalThis.navigator ??= { userAgent: `Node.js/${process.versions.node}` };
// Amplify warns about any endpoint that isn't AWS's.
console.warn = () => {};
Amplify.configure({ Auth: { Cognito: { userPoolId: poolId, userPoolClientId: clientId, userPoolEndpoint: url } } });

// Stays from one visit to the next, like a browser's storage.
const kept = new Map();
cognitoUserPoolsTokenProvider.setKeyValueStorage({
  setItem: async (name, value) => void kept.set(name, String(value)),
  getItem: async (name) => kept.get(name) ?? null,
  removeItem: async (name) => void kept.delete(name),
  clear: async () => kept.clear(),
});
const stored = (what) => [...kept].find(([name]) => name.endsWith(`.${what}`))?.[1];

const named = (name) => (error) => error.name === name;
const step = ({ nextStep }) => nextStep.signInStep;
const signIn = () => auth.signIn({ username, password, options: { authFlowType: settings.flow } });
const answer = async (code, secret) => auth.confirmSignIn({ challengeResponse: await ask(code, secret) });
const devices = async () => (await auth.fetchDevices()).map((device) => device.id);

// Amplify's session doesn't include the refresh token, only its storage does.
async function tellTokens(options = {}) {
  const { tokens } = await auth.fetchAuthSession(options);
  tell({ AccessToken: tokens.accessToken.toString(), IdToken: tokens.idToken.toString(), RefreshToken: stored("refreshToken") });
}

async function signUp() {
  const { nextStep } = await auth.signUp({ username, password, options: { userAttributes: { email } } });
  assert.equal(nextStep.signUpStep, "CONFIRM_SIGN_UP");
  assert.equal(nextStep.codeDeliveryDetails.destination, settings.masked);
  assert.equal(step(await signIn()), "CONFIRM_SIGN_UP");
  const confirmed = await auth.confirmSignUp({ username, confirmationCode: await ask("mailed code") });
  assert.equal(confirmed.nextStep.signUpStep, "DONE");
}

// Amplify confirms the device of this first sign-in without asking.
async function setUpTotp() {
  const { nextStep } = await signIn();
  assert.equal(nextStep.signInStep, "CONTINUE_SIGN_IN_WITH_TOTP_SETUP");
  const secret = nextStep.totpSetupDetails.sharedSecret;
  await assert.rejects(answer("wrong code", secret), named("EnableSoftwareTokenMFAException"));
  assert.equal(step(await answer("fresh code", secret)), "DONE");
  await tellTokens();
  return secret;
}

async function signInWithCode(secret) {
  assert.equal(step(await signIn()), "CONFIRM_SIGN_IN_WITH_TOTP_CODE");
  await assert.rejects(answer("wrong code", secret), named("CodeMismatchException"));
  assert.equal(step(await answer("fresh code", secret)), "DONE");
  await tellTokens();
}

async function signInByDevice() {
  assert.equal(step(await signIn()), "DONE");
  await tellTokens();
}

async function signOutEverywhere() {
  const before = [...kept];
  await auth.signOut({ global: true });
  await assert.rejects(auth.getCurrentUser(), named("UserUnAuthenticatedException"));
  before.forEach(([name, value]) => kept.set(name, value));
  await assert.rejects(auth.fetchDevices(), named("NotAuthorizedException"));
}

const walks = {
  // A pool that requires MFA and remembers every confirmed device.
  async required() {
    await signUp();
    const secret = await setUpTotp();
    assert.deepEqual(await auth.fetchMFAPreference(), { preferred: undefined, enabled: undefined });
    await auth.updateMFAPreference({ totp: "PREFERRED" });
    assert.deepEqual(await auth.fetchMFAPreference(), { preferred: "TOTP", enabled: ["TOTP"] });
    await auth.signOut();

    await signInByDevice();
    const [{ id, name }] = await auth.fetchDevices();
    assert.deepEqual([id, name], [stored("deviceKey"), navigator.userAgent]);
    await tellTokens({ forceRefresh: true });

    // Forgotten by someone else: Amplify drops its key and continues without it.
    await auth.signOut();
    await ask("forget", id);
    await signInWithCode(secret);
    await tellTokens({ forceRefresh: true });
    assert.deepEqual(await devices(), [stored("deviceKey")]);
    assert.equal((await auth.getCurrentUser()).username, username);
    await signOutEverywhere();
  },

  // A pool that remembers a device only when the user asks for it.
  async opt_in() {
    await signUp();
    const secret = await setUpTotp();
    assert.deepEqual(await devices(), []);
    await auth.signOut();

    await signInWithCode(secret);
    await auth.rememberDevice();
    assert.deepEqual(await devices(), [stored("deviceKey")]);
    await auth.signOut();

    await signInByDevice();
    await auth.forgetDevice();
    assert.equal(stored("deviceKey"), undefined);
    assert.deepEqual(await devices(), []);
    // A refresh token belongs to its device.
    assert.equal((await auth.fetchAuthSession({ forceRefresh: true })).tokens, undefined);

    await signInWithCode(secret);
    await auth.deleteUser();
    await assert.rejects(signIn(), named("UserNotFoundException"));
  },
};

await walks[settings.walk]();
goodbye();

// aws-amplify, the library for web and React Native: its own secure remote password, its own device.

import assert from "node:assert/strict";
import { Amplify } from "aws-amplify";
import {
  confirmSignIn, confirmSignUp, fetchAuthSession, fetchDevices, fetchMFAPreference, getCurrentUser, signIn, signOut, signUp,
} from "aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "aws-amplify/auth/cognito";
import { ask, goodbye, settings, tell } from "./person.mjs";

const { username, password, email } = settings;

// It warns of every endpoint but AWS's own.
console.warn = () => {};
Amplify.configure({ Auth: { Cognito: { userPoolId: settings.poolId, userPoolClientId: settings.clientId, userPoolEndpoint: settings.url } } });

// As a browser keeps it from one visit to the next.
const kept = new Map();
cognitoUserPoolsTokenProvider.setKeyValueStorage({
  setItem: async (name, value) => void kept.set(name, String(value)),
  getItem: async (name) => kept.get(name) ?? null,
  removeItem: async (name) => void kept.delete(name),
  clear: async () => kept.clear(),
});

const named = (name) => (error) => error.name === name;
const options = { authFlowType: settings.flow };

// The refresh token isn't in the library's session, only in what it keeps.
async function tellTokens(more = {}) {
  const { tokens } = await fetchAuthSession(more);
  const RefreshToken = [...kept].find(([name]) => name.endsWith(".refreshToken"))[1];
  tell({ AccessToken: tokens.accessToken.toString(), IdToken: tokens.idToken.toString(), RefreshToken });
}

// Sign up
const created = await signUp({ username, password, options: { userAttributes: { email } } });
assert.equal(created.nextStep.signUpStep, "CONFIRM_SIGN_UP");
assert.equal(created.nextStep.codeDeliveryDetails.destination, settings.masked);
const early = await signIn({ username, password, options });
assert.equal(early.nextStep.signInStep, "CONFIRM_SIGN_UP");
const confirmed = await confirmSignUp({ username, confirmationCode: await ask("mailed code") });
assert.equal(confirmed.nextStep.signUpStep, "DONE");

// Set up an authenticator app
const first = await signIn({ username, password, options });
assert.equal(first.nextStep.signInStep, "CONTINUE_SIGN_IN_WITH_TOTP_SETUP");
const secret = first.nextStep.totpSetupDetails.sharedSecret;
await assert.rejects(confirmSignIn({ challengeResponse: await ask("wrong code", secret) }), named("EnableSoftwareTokenMFAException"));
const enrolled = await confirmSignIn({ challengeResponse: await ask("fresh code", secret) });
assert.equal(enrolled.nextStep.signInStep, "DONE");
await tellTokens();
await signOut();

// Sign in with a code; the library confirms the device by itself
const asked = await signIn({ username, password, options });
assert.equal(asked.nextStep.signInStep, "CONFIRM_SIGN_IN_WITH_TOTP_CODE");
await assert.rejects(confirmSignIn({ challengeResponse: await ask("wrong code", secret) }), named("CodeMismatchException"));
assert.equal((await confirmSignIn({ challengeResponse: await ask("fresh code", secret) })).nextStep.signInStep, "DONE");
await tellTokens();
assert.deepEqual(await fetchMFAPreference(), {});
await signOut();

// Sign in with the device instead of a code, and refresh
assert.equal((await signIn({ username, password, options })).nextStep.signInStep, "DONE");
await tellTokens();
await tellTokens({ forceRefresh: true });
assert.equal((await getCurrentUser()).username, username);

// Sign out everywhere: what was kept is worth nothing then
const before = [...kept];
await signOut({ global: true });
await assert.rejects(getCurrentUser(), named("UserUnAuthenticatedException"));
before.forEach(([name, value]) => kept.set(name, value));
await assert.rejects(fetchDevices(), named("NotAuthorizedException"));
goodbye();

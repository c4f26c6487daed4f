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

const choose = (options = {}) => auth.signIn({ username, options: { authFlowType: "USER_AUTH", ...options } });
const reply = async (challengeResponse) => step(await auth.confirmSignIn({ challengeResponse }));

// As a first factor a code has eight digits, as a second six.
async function sendCode(asked, medium, digits) {
  assert.equal(asked, `CONFIRM_SIGN_IN_WITH_${medium}_CODE`);
  const code = await ask("mailed code");
  assert.equal(code.length, digits);
  const wrong = (Number(code) === 0 ? "1" : "0").repeat(digits);
  await assert.rejects(reply(wrong), named("CodeMismatchException"));
  assert.equal(await reply(code), "DONE");
  await tellTokens();
  await auth.signOut();
}

const walks = {
  // A pool in which the user chooses the first factor: USER_AUTH.
  async choice() {
    const first = await choose();
    assert.equal(step(first), "CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION");
    assert.deepEqual(first.nextStep.availableChallenges.toSorted(), ["EMAIL_OTP", "PASSWORD", "PASSWORD_SRP", "SMS_OTP"]);
    await sendCode(await reply("EMAIL_OTP"), "EMAIL", 8);
    await sendCode(step(await choose({ preferredChallenge: "SMS_OTP" })), "SMS", 8);

    for (const factor of ["PASSWORD", "PASSWORD_SRP"]) {
      await choose();
      assert.equal(await reply(factor), "CONFIRM_SIGN_IN_WITH_PASSWORD");
      await assert.rejects(reply("Wrong-Horse-7"), named("NotAuthorizedException"));
      await choose();
      await reply(factor);
      assert.equal(await reply(password), "DONE");
      await tellTokens();
      await auth.signOut();
    }
  },

  // A pool that requires a code by email or SMS, and a user who has neither address.
  async factors() {
    assert.equal(step(await signIn()), "CONTINUE_SIGN_IN_WITH_EMAIL_SETUP");
    await sendCode(await reply(email), "EMAIL", 6);

    assert.equal(step(await signIn()), "CONFIRM_SIGN_IN_WITH_EMAIL_CODE");
    assert.equal(await reply(await ask("mailed code")), "DONE");
    await auth.updateUserAttributes({ userAttributes: { phone_number: settings.number } });
    await auth.updateMFAPreference({ sms: "NOT_PREFERRED", email: "NOT_PREFERRED" });
    await auth.signOut();

    for (const medium of ["SMS", "EMAIL"]) {
      const { nextStep } = await signIn();
      assert.equal(nextStep.signInStep, "CONTINUE_SIGN_IN_WITH_MFA_SELECTION");
      assert.deepEqual(nextStep.allowedMFATypes.toSorted(), ["EMAIL", "SMS"]);
      await sendCode(await reply(medium), medium, 6);
    }
  },

  // A pool whose own functions ask: CUSTOM_AUTH, with the password before it and without.
  async custom() {
    for (const authFlowType of ["CUSTOM_WITHOUT_SRP", "CUSTOM_WITH_SRP"]) {
      const proof = authFlowType === "CUSTOM_WITH_SRP" ? { password } : {};
      const begin = () => auth.signIn({ username, ...proof, options: { authFlowType } });
      const { nextStep } = await begin();
      assert.equal(nextStep.signInStep, "CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE");
      assert.equal(nextStep.additionalInfo.question, "What color is the sky?");
      assert.equal(await reply("red"), "CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE");
      assert.equal(await reply("blue"), "DONE");
      await tellTokens();
      await auth.signOut();

      await begin();
      await reply("red");
      await reply("green");
      await assert.rejects(reply("yellow"), named("NotAuthorizedException"));
    }
  },

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

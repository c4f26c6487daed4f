// amazon-cognito-identity-js, the client library for browsers and Node: its own secure remote password, its own device.

import assert from "node:assert/strict";
import { AuthenticationDetails, CognitoUser, CognitoUserAttribute, CognitoUserPool } from "amazon-cognito-identity-js";
import { ask, goodbye, settings, tell } from "./person.mjs";

const { username, password, newPassword, email } = settings;

// As a browser keeps it from one visit to the next.
const kept = new Map();
const Storage = {
  setItem: (name, value) => kept.set(name, String(value)),
  getItem: (name) => kept.get(name) ?? null,
  removeItem: (name) => kept.delete(name),
  clear: () => kept.clear(),
};
const Pool = new CognitoUserPool({ UserPoolId: settings.poolId, ClientId: settings.clientId, endpoint: settings.url, Storage });

// The library calls back in two ways; both as promises.
const called = (begin) => new Promise((resolve, reject) => begin((error, value) => (error ? reject(error) : resolve(value))));

const came = (begin) =>
  new Promise((resolve, reject) => {
    const challenge = (name, parameters) => resolve({ challenge: name, parameters });
    begin({
      onSuccess: (value, askTheUser) => resolve({ value, askTheUser }),
      onFailure: reject,
      mfaSetup: challenge,
      totpRequired: challenge,
      newPasswordRequired: (attributes, required) => resolve({ challenge: "NEW_PASSWORD_REQUIRED", attributes, required }),
      inputVerificationCode: (sent) => resolve({ sent }),
      associateSecretCode: (secret) => resolve({ secret }),
    });
  });

// A new visit: nothing is known but what was kept.
function visitor() {
  const user = new CognitoUser({ Username: username, Pool, Storage });
  user.setAuthenticationFlowType(settings.flow);
  return user;
}

const signIn = (user, Password = password) => came((back) => user.authenticateUser(new AuthenticationDetails({ Username: username, Password }), back));
const sendCode = (user, code) => came((back) => user.sendMFACode(code, back, "SOFTWARE_TOKEN_MFA"));
const tokensOf = (session) => ({
  AccessToken: session.getAccessToken().getJwtToken(),
  IdToken: session.getIdToken().getJwtToken(),
  RefreshToken: session.getRefreshToken().getToken(),
});
const tellTokens = (answer) => tell(tokensOf(answer.value));

async function signUp() {
  const attributes = [new CognitoUserAttribute({ Name: "email", Value: email })];
  const { user, userConfirmed, codeDeliveryDetails } = await called((back) => Pool.signUp(username, password, attributes, null, back));
  assert.equal(userConfirmed, false);
  assert.equal(codeDeliveryDetails.Destination, settings.masked);
  await assert.rejects(signIn(visitor()), { code: "UserNotConfirmedException", message: "User is not confirmed." });
  const code = await ask("mailed code");
  assert.equal(await called((back) => user.confirmRegistration(code, false, back)), "SUCCESS");
}

async function enrol(user) {
  const { secret } = await came((back) => user.associateSoftwareToken(back));
  const wrong = await ask("wrong code", secret);
  await assert.rejects(came((back) => user.verifySoftwareToken(wrong, "my phone", back)), { code: "EnableSoftwareTokenMFAException" });
  const code = await ask("fresh code", secret);
  return { secret, answer: await came((back) => user.verifySoftwareToken(code, "my phone", back)) };
}

async function signInWithCode(user, secret) {
  const asked = await signIn(user);
  assert.equal(asked.challenge, "SOFTWARE_TOKEN_MFA");
  assert.equal(asked.parameters.FRIENDLY_DEVICE_NAME, "my phone");
  await assert.rejects(sendCode(user, await ask("wrong code", secret)), { code: "CodeMismatchException" });
  return sendCode(user, await ask("fresh code", secret));
}

async function signInByDevice() {
  const user = visitor();
  tellTokens(await signIn(user));
  return user;
}

const walks = {
  // A pool that demands a code and remembers every device that was confirmed.
  async required() {
    await signUp();
    let user = visitor();
    const asked = await signIn(user);
    assert.equal(asked.challenge, "MFA_SETUP");
    assert.deepEqual(JSON.parse(asked.parameters.MFAS_CAN_SETUP), ["SOFTWARE_TOKEN_MFA"]);
    const { secret, answer } = await enrol(user);
    tellTokens(answer);

    // The library confirms the device by itself.
    const signedIn = await signInWithCode(visitor(), secret);
    assert.equal(signedIn.askTheUser, undefined);
    tellTokens(signedIn);
    user = await signInByDevice();

    const refreshToken = user.getSignInUserSession().getRefreshToken();
    tell(tokensOf(await called((back) => user.refreshSession(refreshToken, back))));
    const attributes = await called((back) => user.getUserAttributes(back));
    assert.equal(attributes.find((attribute) => attribute.Name === "email_verified").Value, "true");
    const devices = await came((back) => user.listDevices(10, null, back));
    assert.deepEqual(devices.value.Devices.map((device) => device.DeviceKey), [user.deviceKey]);

    // Forgotten from elsewhere: the library tries again without the key, in a visit that goes on, which named it from the beginning, and in a new one.
    await ask("forget", user.deviceKey);
    tellTokens(await signInWithCode(user, secret));
    await ask("forget", user.deviceKey);
    tellTokens(await signInWithCode(visitor(), secret));

    user = await signInByDevice();
    await came((back) => user.globalSignOut(back));
    user = await signInByDevice();
    assert.equal(await called((back) => user.deleteUser(back)), "SUCCESS");
    await assert.rejects(signIn(visitor()), { code: "UserNotFoundException", message: "User does not exist." });
  },

  // A pool that remembers a device only when the user wants it.
  async opt_in() {
    await signUp();
    let user = visitor();
    await signIn(user);
    const { secret } = await enrol(user);
    user = visitor();
    const signedIn = await signInWithCode(user, secret);
    assert.equal(signedIn.askTheUser, true);
    tellTokens(await signInWithCode(visitor(), secret));
    await came((back) => user.setDeviceStatusRemembered(back));
    await signInByDevice();
    await came((back) => user.setDeviceStatusNotRemembered(back));
    tellTokens(await signInWithCode(visitor(), secret));
    await came((back) => user.forgetDevice(back));
    user = visitor();
    tellTokens(await signInWithCode(user, secret));
    await called((back) => user.signOut(back));
    assert.equal(Pool.getCurrentUser(), null);
  },

  // A pool that leaves the code to the user: enrolled with an access token.
  async optional() {
    await signUp();
    const user = visitor();
    await assert.rejects(signIn(user, "Wrong-Horse-7"), { code: "NotAuthorizedException", message: "Incorrect username or password." });
    tellTokens(await signIn(user));
    const { secret, answer } = await enrol(user);
    assert.equal(answer.value.Status, "SUCCESS");
    await called((back) => user.setUserMfaPreference(null, { Enabled: true, PreferredMfa: true }, back));
    const data = await called((back) => user.getUserData(back));
    assert.deepEqual([data.PreferredMfaSetting, data.UserMFASettingList], ["SOFTWARE_TOKEN_MFA", ["SOFTWARE_TOKEN_MFA"]]);
    tellTokens(await signInWithCode(visitor(), secret));
  },

  // A user whom an administrator made.
  async invited() {
    const user = visitor();
    const asked = await signIn(user);
    assert.equal(asked.challenge, "NEW_PASSWORD_REQUIRED");
    assert.equal(asked.attributes.email, email);
    assert.deepEqual(asked.required, []);
    tellTokens(await came((back) => user.completeNewPasswordChallenge(newPassword, {}, back)));
  },

  async forgetful() {
    await signUp();
    const user = visitor();
    const { sent } = await came((back) => user.forgotPassword(back));
    assert.equal(sent.CodeDeliveryDetails.Destination, settings.masked);
    const code = await ask("mailed code");
    await came((back) => user.confirmPassword(code, newPassword, back));
    await signIn(user, newPassword);
    await called((back) => user.changePassword(newPassword, password, back));
    tellTokens(await signIn(visitor()));
  },
};

await walks[settings.walk]();
goodbye();

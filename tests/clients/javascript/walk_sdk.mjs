// The AWS SDK for JavaScript, version 3, with cognito-srp-helper for what the SDK leaves out: both proofs of secure remote password, and the device.

import assert from "node:assert/strict";
import * as sdk from "@aws-sdk/client-cognito-identity-provider";
import * as srp from "cognito-srp-helper";
import { ask, goodbye, settings, tell } from "./person.mjs";

const { username, password, email, poolId, clientId } = settings;
const client = new sdk.CognitoIdentityProviderClient({
  endpoint: settings.url,
  region: poolId.split("_")[0],
  credentials: { accessKeyId: "x", secretAccessKey: "x" },
});
const admin = settings.plane === "admin";
const place = admin ? { UserPoolId: poolId, ClientId: clientId } : { ClientId: clientId };

const send = (Command, request) => client.send(new Command(request));
const initiate = (request) => send(admin ? sdk.AdminInitiateAuthCommand : sdk.InitiateAuthCommand, { ...place, ...request });
const respond = (request) => send(admin ? sdk.AdminRespondToAuthChallengeCommand : sdk.RespondToAuthChallengeCommand, { ...place, ...request });

const SecretHash = srp.createSecretHash(username, clientId, settings.secret);
const who = { USERNAME: username, SECRET_HASH: SecretHash };

async function provePassword(device) {
  const named = device ? { DEVICE_KEY: device.key } : {};
  const session = srp.createSrpSession(username, password, poolId, false);
  const asked = await initiate(srp.wrapInitiateAuth(session, { AuthFlow: "USER_SRP_AUTH", AuthParameters: { ...who, ...named } }));
  assert.equal(asked.ChallengeName, "PASSWORD_VERIFIER");
  const proof = srp.wrapAuthChallenge(srp.signSrpSession(session, asked), {
    ChallengeName: asked.ChallengeName,
    ChallengeResponses: { ...who, ...named },
    Session: asked.Session,
  });
  return { session, answer: await respond(proof) };
}

async function proveDevice(device) {
  const { session, answer } = await provePassword(device);
  assert.equal(answer.ChallengeName, "DEVICE_SRP_AUTH");
  const named = { ...who, DEVICE_KEY: device.key };
  const request = { ChallengeName: answer.ChallengeName, ChallengeResponses: named, Session: answer.Session };
  // One secret number and one time serve both proofs.
  const asked = await respond(srp.wrapAuthChallenge(session, request));
  assert.equal(asked.ChallengeName, "DEVICE_PASSWORD_VERIFIER");
  const signed = srp.signSrpSessionWithDevice(session, asked, device.groupKey, device.password);
  return respond(srp.wrapAuthChallenge(signed, { ChallengeName: asked.ChallengeName, ChallengeResponses: named, Session: asked.Session }));
}

const attributes = [{ Name: "email", Value: email }];
const named = { ClientId: clientId, Username: username, SecretHash };
await send(sdk.SignUpCommand, { ...named, Password: password, UserAttributes: attributes });
await send(sdk.ConfirmSignUpCommand, { ...named, ConfirmationCode: await ask("mailed code") });

const { answer } = await provePassword();
assert.equal(answer.ChallengeName, "MFA_SETUP");
const offered = await send(sdk.AssociateSoftwareTokenCommand, { Session: answer.Session });
const secret = offered.SecretCode;
const wrong = { Session: offered.Session, UserCode: await ask("wrong code", secret) };
await assert.rejects(send(sdk.VerifySoftwareTokenCommand, wrong), sdk.EnableSoftwareTokenMFAException);
const verified = await send(sdk.VerifySoftwareTokenCommand, { Session: offered.Session, UserCode: await ask("fresh code", secret) });
await respond({ ChallengeName: "MFA_SETUP", ChallengeResponses: who, Session: verified.Session });

const again = (await provePassword()).answer;
assert.equal(again.ChallengeName, "SOFTWARE_TOKEN_MFA");
const code = { ...who, SOFTWARE_TOKEN_MFA_CODE: await ask("fresh code", secret) };
const { AuthenticationResult: result } = await respond({ ChallengeName: again.ChallengeName, ChallengeResponses: code, Session: again.Session });
tell(result);

const { DeviceKey, DeviceGroupKey } = result.NewDeviceMetadata;
const { DeviceSecretVerifierConfig, DeviceRandomPassword } = srp.createDeviceVerifier(DeviceKey, DeviceGroupKey);
const device = { key: DeviceKey, groupKey: DeviceGroupKey, password: DeviceRandomPassword };
const { AccessToken } = result;
const confirmed = await send(sdk.ConfirmDeviceCommand, { AccessToken, DeviceKey, DeviceName: "my computer", DeviceSecretVerifierConfig });
assert.equal(confirmed.UserConfirmationNecessary, false);
await assert.rejects(proveDevice({ ...device, password: "x" }), sdk.NotAuthorizedException);
const { AuthenticationResult: byDevice } = await proveDevice(device);
tell(byDevice);

const refresh = { REFRESH_TOKEN: byDevice.RefreshToken, DEVICE_KEY: DeviceKey, SECRET_HASH: SecretHash };
tell((await initiate({ AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters: refresh })).AuthenticationResult);
assert.ok((await send(sdk.GetDeviceCommand, { AccessToken, DeviceKey })).Device.DeviceCreateDate instanceof Date);
await send(sdk.DeleteUserCommand, { AccessToken: byDevice.AccessToken });
await assert.rejects(send(sdk.GetUserCommand, { AccessToken }), sdk.UserNotFoundException);
goodbye();

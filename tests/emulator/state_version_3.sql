-- A state file as the third version of the emulator wrote it, with alice signed in and an app preferred.
PRAGMA application_id = 1131374409;
PRAGMA user_version = 3;
BEGIN TRANSACTION;
CREATE TABLE attempts (
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, action TEXT NOT NULL, at REAL NOT NULL
);
CREATE TABLE attributes (
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, pool_id TEXT NOT NULL,
    name TEXT NOT NULL, value TEXT NOT NULL,
    value_key TEXT NOT NULL,          -- the value in lower case, for filters
    PRIMARY KEY (user_id, name)
) WITHOUT ROWID;
INSERT INTO "attributes" VALUES(1,'us-east-1_9DJ2cVk0S','email','alice@example.com','alice@example.com');
CREATE TABLE clients (
    id TEXT PRIMARY KEY, pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    created REAL NOT NULL, modified REAL NOT NULL,
    settings TEXT NOT NULL            -- JSON, as DescribeUserPoolClient gives it
);
INSERT INTO "clients" VALUES('cxqkasck4xn0ekcgpij1l8k8rc','us-east-1_9DJ2cVk0S',1.79551846355108857158e+09,1.79551846355108857158e+09,'{"ClientId": "cxqkasck4xn0ekcgpij1l8k8rc", "RefreshTokenValidity": 30, "AllowedOAuthFlowsUserPoolClient": false, "EnableTokenRevocation": true, "AuthSessionValidity": 3, "ClientName": "old", "UserPoolId": "us-east-1_9DJ2cVk0S", "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]}');
CREATE TABLE codes (
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, purpose TEXT NOT NULL,
    code TEXT NOT NULL, expires REAL NOT NULL, PRIMARY KEY (user_id, purpose)
) WITHOUT ROWID;
CREATE TABLE devices (
    key TEXT PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    created REAL NOT NULL, modified REAL NOT NULL, authenticated REAL NOT NULL,
    name TEXT, salt BLOB, verifier BLOB,    -- NULL until the device is confirmed
    remembered INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE group_members (
    group_id INTEGER NOT NULL REFERENCES user_groups ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, PRIMARY KEY (group_id, user_id)
) WITHOUT ROWID;
INSERT INTO "group_members" VALUES(1,1);
CREATE TABLE meta (name TEXT PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID;
INSERT INTO "meta" VALUES('clock offset',0.0);
INSERT INTO "meta" VALUES('latest time',1.79588334886527490621e+09);
INSERT INTO "meta" VALUES('machine time',1.79588334886527490621e+09);
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY, pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE, name_key TEXT NOT NULL,
    destination TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, code TEXT NOT NULL, sent REAL NOT NULL
, user_id INTEGER REFERENCES users ON DELETE CASCADE);
INSERT INTO "outbox" VALUES(1,'us-east-1_9DJ2cVk0S','alice','alice@example.com','Your verification code','Your confirmation code is 123456','123456',1.79588334886527490621e+09,1);
CREATE TABLE pools (
    id TEXT PRIMARY KEY, created REAL NOT NULL, modified REAL NOT NULL,
    settings TEXT NOT NULL,           -- JSON, as DescribeUserPool gives it
    totp INTEGER NOT NULL DEFAULT 0,  -- does the pool offer authenticator apps
    device_group TEXT NOT NULL,       -- the DeviceGroupKey of all its devices
    users INTEGER NOT NULL DEFAULT 0  -- how many there are: counting 100,000 rows at each look would take longer than the look
, secret BLOB NOT NULL DEFAULT x'');
INSERT INTO "pools" VALUES('us-east-1_9DJ2cVk0S',1.79551846354824090005e+09,1.79551846354824090005e+09,'{"Id": "us-east-1_9DJ2cVk0S", "Name": "old", "Arn": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_9DJ2cVk0S", "DeletionProtection": "INACTIVE", "LambdaConfig": {}, "MfaConfiguration": "OFF", "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"}, "UserPoolTags": {}, "UserPoolTier": "ESSENTIALS", "Policies": {"PasswordPolicy": {"MinimumLength": 8, "RequireUppercase": true, "RequireLowercase": true, "RequireNumbers": true, "RequireSymbols": true, "TemporaryPasswordValidityDays": 7}}, "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": false, "UnusedAccountValidityDays": 7}, "SchemaAttributes": [{"Name": "sub", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": false, "Required": true, "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "2048"}}, {"Name": "name", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false, "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "2048"}}, {"Name": "given_name", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false, "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "2048"}}, {"Name": "family_name", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false, "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "2048"}}, {"Name": "middle_name", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false, "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "2048"}}, {"Name": "nickname", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false, "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "2048"}}, {"Name": "preferred_username", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false, "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "2048"}}, {"Name": "profile", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false, "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "2048"}}, {"Name": "picture", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false, "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "2048"}}, {"Name": "website", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false, "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "2048"}}, {"Name": "email", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false, "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "2048"}}, {"Name": "email_verified", "AttributeDataType": "Boolean", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false}, {"Name": "gender", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false, "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "2048"}}, {"Name": "birthdate", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false, "StringAttributeConstraints": {"MinLength": "10", "MaxLength": "10"}}, {"Name": "zoneinfo", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false, "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "2048"}}, {"Name": "locale", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false, "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "2048"}}, {"Name": "phone_number", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false, "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "2048"}}, {"Name": "phone_number_verified", "AttributeDataType": "Boolean", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false}, {"Name": "address", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false, "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "2048"}}, {"Name": "updated_at", "AttributeDataType": "Number", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false, "NumberAttributeConstraints": {"MinValue": "0"}}]}',1,'-ijtEtAWW',1,X'3031323334353637383961626364656630313233343536373839616263646566');
CREATE TABLE refresh_tokens (
    digest BLOB PRIMARY KEY, origin_jti TEXT NOT NULL REFERENCES sign_ins ON DELETE CASCADE,
    expires REAL NOT NULL,
    replaced REAL                     -- when rotation put another in its place
) WITHOUT ROWID;
INSERT INTO "refresh_tokens" VALUES(X'6719745F3CB4D13D15BB91B27F195E3BBE598971086BA134FC27FA367E3829CF','20501e10-f5cf-4988-86e8-060757d94e57',4000000000.0,NULL);
CREATE TABLE sessions (
    digest BLOB PRIMARY KEY, client_id TEXT NOT NULL REFERENCES clients ON DELETE CASCADE,
    user_id INTEGER REFERENCES users ON DELETE CASCADE,  -- NULL for a user who is only simulated
    attempt TEXT NOT NULL,            -- shared by all sessions of one sign-in
    expects TEXT NOT NULL, expires REAL NOT NULL, used INTEGER NOT NULL DEFAULT 0,
    ended INTEGER NOT NULL DEFAULT 0, -- by a new password, or by signing the user out
    device_key TEXT,                  -- of the device that the sign-in named
    -- the digest of the SECRET_BLOCK that went with an SRP challenge
    secret_block BLOB UNIQUE,
    srp_key BLOB,                     -- what both sides of that challenge derive, and only they
    totp_offered TEXT                 -- the secret that waits for its first code
) WITHOUT ROWID;
CREATE TABLE sign_ins (
    origin_jti TEXT PRIMARY KEY, client_id TEXT NOT NULL REFERENCES clients ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    auth_time REAL NOT NULL, device_key TEXT, revoked INTEGER NOT NULL DEFAULT 0
, totp_offered TEXT) WITHOUT ROWID;
INSERT INTO "sign_ins" VALUES('20501e10-f5cf-4988-86e8-060757d94e57','cxqkasck4xn0ekcgpij1l8k8rc',1,1.79551846356291151048e+09,NULL,0,NULL);
CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY, pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    token_use TEXT NOT NULL, private_key BLOB NOT NULL, UNIQUE (pool_id, token_use)
);
CREATE TABLE used_totp_steps (
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, step INTEGER NOT NULL, PRIMARY KEY (user_id, step)
) WITHOUT ROWID;
CREATE TABLE user_groups (
    id INTEGER PRIMARY KEY, pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,           -- JSON: the Description, RoleArn and Precedence it was given
    created REAL NOT NULL, modified REAL NOT NULL, UNIQUE (pool_id, name)
);
INSERT INTO "user_groups" VALUES(1,'us-east-1_9DJ2cVk0S','editors','{}',1.79588334886527490621e+09,1.79588334886527490621e+09);
CREATE TABLE users (
    id INTEGER PRIMARY KEY, pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    username TEXT NOT NULL,
    name_key TEXT NOT NULL,           -- the user name as the pool compares it
    sub TEXT NOT NULL UNIQUE, status TEXT NOT NULL, enabled INTEGER NOT NULL DEFAULT 1,
    created REAL NOT NULL, modified REAL NOT NULL,
    salt BLOB NOT NULL, verifier BLOB NOT NULL,
    failed_passwords INTEGER NOT NULL DEFAULT 0, last_failure REAL NOT NULL DEFAULT 0,
    totp_secret TEXT, totp_name TEXT, -- of the verified authenticator app
    temporary_until REAL, mfa_enabled INTEGER NOT NULL DEFAULT 0, mfa_preferred INTEGER NOT NULL DEFAULT 0, failed_factors INTEGER NOT NULL DEFAULT 0, last_failed_factor REAL NOT NULL DEFAULT 0,                -- the secret that waits for its first code
    UNIQUE (pool_id, name_key)
);
INSERT INTO "users" VALUES(1,'us-east-1_9DJ2cVk0S','alice','alice','e6c8152b-e3b8-40ab-a2a8-80aee1447a00','CONFIRMED',1,1.79551846355680823331e+09,1.79551846355680823331e+09,X'5E101863CA62307E70CFF8F898C1844D',X'1A1B6E7944FE63311A9AAAC6E97CE0F5829D0C86E1AC65D42F5155A2D2CC6342EA3E01535BBDEB1D0D6512B2C56B2BD56B5C6C8250ED790E8DE46B3B3EF7BF5137EFD298F0EE5EF501BD7B00DCFD1D4CCA22D87A7E596412668D388E35D9A872A2A24FB63CE7E7059862EDC1EA8DB96B6275E362D1F3E0D1DF87299F826127EE3406017C522448F2FAFDE2182CC3E064978A59B65B187B958EAB4B7CE3D9394544A6618E8143855ED094AAD1C4156F80EC8A3A7866CE97ADAA47F39ED1689AE98D1DC5287B1160DDB5EE7E8DFE4F7190DE82F618E31A9D83B01A2FD83E580A754801870E7E8CB20C9E040C1FE2D85C7FE181D7AC5C09CDE31BAAB3B08B9F3196515142B0AC7461BC70088ECB9E1F96BF579D34D788921206E9D486742A2B9C4381D147962F79355B8DA53D66C49DF8420B49C4D5F28EB8AFD2217844DF30E2F6B7C4EEC3900596B98452436EBEF22E077E2C186643BF972720D779742D1D5EBFBB20B9962F8C8C242F65568491B3B7AC3A918410CC366C1C7DB707575D822EFA',0,0.0,'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSW','my phone',NULL,1,1,0,0.0);
CREATE INDEX clients_of_pool ON clients (pool_id);
CREATE INDEX users_of_pool ON users (pool_id);
CREATE INDEX users_by_status ON users (pool_id, status);
CREATE TRIGGER user_added AFTER INSERT ON users BEGIN UPDATE pools SET users = users + 1 WHERE id = NEW.pool_id; END;
CREATE TRIGGER user_gone AFTER DELETE ON users BEGIN UPDATE pools SET users = users - 1 WHERE id = OLD.pool_id; END;
CREATE INDEX attributes_by_value ON attributes (pool_id, name, value_key, user_id);
CREATE INDEX attempts_of_user ON attempts (user_id, action, at);
CREATE INDEX outbox_of_user ON outbox (name_key, id);
CREATE INDEX sign_ins_of_client ON sign_ins (client_id);
CREATE INDEX sign_ins_of_user ON sign_ins (user_id);
CREATE INDEX refresh_tokens_of_sign_in ON refresh_tokens (origin_jti);
CREATE INDEX devices_of_user ON devices (user_id);
CREATE INDEX users_by_enabled ON users (pool_id, enabled);
CREATE INDEX outbox_by_user ON outbox (user_id);
CREATE INDEX sessions_by_end ON sessions (expires);
CREATE INDEX sessions_of_client ON sessions (client_id);
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX groups_of_user ON group_members (user_id);
COMMIT;
